using System.Collections.Concurrent;
using Tallystick.Core.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Peers;

/// <summary>Who is connected now, and what stands in the way of those who are not. Kept in memory only.</summary>
internal sealed class Presence
{
    private readonly ConcurrentDictionary<PublicKey, PeerLink> links = new();
    private readonly ConcurrentDictionary<string, string> failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> troubles = new(StringComparer.Ordinal);

    /// <summary>Called after somebody came or left, or when what stands in the way of one is news.</summary>
    public Action? Changed { get; set; }

    /// <summary>The current links of all who are connected.</summary>
    public IEnumerable<PeerLink> Links => links.Values;

    public bool IsOnline(PublicKey? key) => key is { } known && links.ContainsKey(known);

    /// <summary>The link is the peer's current one, so nothing stands in the way.</summary>
    public void Came(PeerLink link, string? address)
    {
        links[link.PeerKey] = link;
        troubles.TryRemove(link.PeerKey.ToString(), out _);
        Clear(address);
        Changed?.Invoke();
    }

    /// <summary>True when the peer is off now: another link may have taken this one's place.</summary>
    public bool Left(PeerLink link)
    {
        var isOff = links.TryRemove(new KeyValuePair<PublicKey, PeerLink>(link.PeerKey, link));
        if (isOff)
            Changed?.Invoke();
        return isOff;
    }

    /// <summary>Why a peer that is off cannot be reached, one sentence, or null.</summary>
    public string? TroubleOf(PublicKey? key, string? address)
    {
        if (IsOnline(key))
            return null;
        if (key is { } known && troubles.TryGetValue(known.ToString(), out var byKey))
            return byKey;
        return address is null ? null : troubles.GetValueOrDefault(address) ?? failures.GetValueOrDefault(address);
    }

    /// <summary>Notes a dial that failed, which is no news to anybody.</summary>
    public void NoteFailure(string address, string sentence) => failures[address] = sentence;

    /// <summary>Notes what a person has to mend at an address or for a key; true when that is news.</summary>
    public bool NoteTrouble(string where, string sentence)
    {
        var isNews = troubles.GetValueOrDefault(where) != sentence;
        troubles[where] = sentence;
        if (isNews)
            Changed?.Invoke();
        return isNews;
    }

    /// <summary>Forgets what stood in the way at an address.</summary>
    public void Clear(string? address)
    {
        if (address is null)
            return;
        troubles.TryRemove(address, out _);
        failures.TryRemove(address, out _);
    }
}
