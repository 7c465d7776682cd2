using System.Net;
using Tallystick.Core.Identity;

namespace Tallystick.Core.Discovery;

/// <summary>
/// Who was heard on the local network, put together from packets that may hold only a part. Not thread-safe.
/// </summary>
public sealed class NearbyTable
{
    /// <summary>More than a person looks through; whoever expires first makes room.</summary>
    public const int Most = 128;

    /// <summary>One address is one computer, with a few nodes at most.</summary>
    public const int MostPerAddress = 16;

    /// <summary>
    /// Names that are asked for in a minute, each once: what stays incomplete, or comes again and again, is no reason
    /// to speak to everybody.
    /// </summary>
    public const int MostAskedPerMinute = 32;

    private const long MaxTtlSeconds = 3_600;
    private const long MinuteMs = 60_000;

    // By address, too: nobody changes or takes back what another has said.
    private readonly Dictionary<(DnsName Instance, IPAddress From), Sighting> sightings = [];

    // Kept apart from what was heard, so that who takes a name back and says it again is not asked again.
    private readonly Dictionary<DnsName, long> askedMs = [];

    /// <summary>Takes in what a packet says; returns the names to ask for, of which something is missing.</summary>
    /// <param name="packet">A response; queries say nothing.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="nowMs">Now, on a clock that never goes back.</param>
    public IReadOnlyList<DnsName> Hear(DnsPacket packet, IPAddress from, long nowMs)
    {
        if (!packet.IsResponse)
            return [];
        Expire(nowMs);
        var heard = new HashSet<DnsName>();
        foreach (var record in packet.Records)
        {
            var instance = record is PtrRecord ptr && ptr.Name.Equals(NearbyService.Kind) ? ptr.Target : record.Name;
            if (!instance.IsChildOf(NearbyService.Kind))
                continue;
            if (record.TtlSeconds == 0)
                sightings.Remove((instance, from));
            else if (SightingOf(instance, from, nowMs) is { } sighting)
            {
                sighting.Take(record, nowMs + Math.Min(record.TtlSeconds, MaxTtlSeconds) * 1_000);
                heard.Add(instance);
            }
        }
        return
        [
            .. heard.Where(name => sightings.GetValueOrDefault((name, from)) is { Node: null })
                .Where(name => MayAsk(name, nowMs)),
        ];
    }

    /// <summary>Those of whom everything is known, by name.</summary>
    public IReadOnlyList<NearbyNode> Nodes(long nowMs)
    {
        Expire(nowMs);
        return
        [
            .. sightings.Values.Select(sighting => sighting.Node).OfType<NearbyNode>()
                .DistinctBy(node => (node.Fingerprint, node.Address, node.Port))
                .OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)
                .ThenBy(node => node.Fingerprint.ToString(), StringComparer.Ordinal),
        ];
    }

    private Sighting? SightingOf(DnsName instance, IPAddress from, long nowMs)
    {
        if (sightings.TryGetValue((instance, from), out var known))
            return known;
        if (sightings.Keys.Count(key => key.From.Equals(from)) >= MostPerAddress)
            return null;
        if (sightings.Count >= Most)
            sightings.Remove(sightings.MinBy(sighting => sighting.Value.ExpiresMs).Key);
        return sightings[(instance, from)] = new Sighting(from, nowMs);
    }

    private bool MayAsk(DnsName name, long nowMs)
    {
        if (askedMs.Count >= MostAskedPerMinute || askedMs.ContainsKey(name))
            return false;
        askedMs[name] = nowMs;
        return true;
    }

    private void Expire(long nowMs)
    {
        foreach (var (name, asked) in askedMs)
        {
            if (nowMs - asked >= MinuteMs)
                askedMs.Remove(name);
        }
        foreach (var (key, sighting) in sightings)
        {
            if (sighting.ExpiresMs <= nowMs)
                sightings.Remove(key);
        }
    }

    private sealed class Sighting(IPAddress from, long nowMs)
    {
        private string? name;
        private Fingerprint? fingerprint;
        private int? port;

        public long ExpiresMs { get; private set; } = nowMs;

        public NearbyNode? Node => name is not null && fingerprint is { } key && port is { } number
            ? new NearbyNode(name, key, from, number)
            : null;

        public void Take(DnsRecord record, long expiresMs)
        {
            ExpiresMs = Math.Max(ExpiresMs, expiresMs);
            switch (record)
            {
                case SrvRecord { Port: > 0 } srv:
                    port = srv.Port;
                    break;
                case TxtRecord txt:
                    name = ValueOf(txt, "name=");
                    fingerprint = Fingerprint.TryParse(ValueOf(txt, "fp="), out var key) ? key : null;
                    break;
                default:
                    break;
            }
        }

        private static string? ValueOf(TxtRecord txt, string key) => txt.Texts
            .FirstOrDefault(text => text.StartsWith(key, StringComparison.OrdinalIgnoreCase))?[key.Length..];
    }
}
