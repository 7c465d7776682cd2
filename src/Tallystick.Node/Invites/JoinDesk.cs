using System.Collections.Concurrent;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Links;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Peers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Invites;

/// <summary>Where invitations of others are taken, and where their answers arrive.</summary>
internal sealed class JoinDesk(PeerBook peers, Ledger ledger, TimeProvider time)
{
    private readonly ConcurrentDictionary<PublicKey, TaskCompletionSource<string?>> answers = new();

    /// <summary>Whether a peer is linked.</summary>
    public required Func<PublicKey, bool> IsOnline { get; init; }

    /// <summary>Called when whom to dial has changed.</summary>
    public Action<StoredPeer> Changed { get; set; } = _ => { };

    /// <summary>
    /// Takes an invitation, durably: from now on the inviter is a peer here, and is asked until it accepts or refuses.
    /// The task ends with null when it has accepted, else with the reason's name.
    /// </summary>
    public async Task<(BookAnswer Answer, Task<string?> Outcome)> JoinAsync(InviteLink link, string? name)
    {
        if (peers.ProblemOfJoin(link, name) is { } refusal)
            return (new BookAnswer(null, refusal), Task.FromResult<string?>(null));
        if (peers.Find(link.Inviter) is null)
            await InviteLimit.AskAsync(ledger, link.Inviter, link.Token, link.Asset, link.Limit, time.GetUtcNow());
        var outcome = answers.GetOrAdd(
            link.Inviter, _ => new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously));
        var answer = peers.Join(link, name);
        if (answer.Peer is { } peer)
            Changed(peer);
        // Whoever is linked with this node has accepted it already.
        if (IsOnline(link.Inviter))
            Linked(link.Inviter);
        return (answer, outcome.Task);
    }

    /// <summary>A link with a peer stands: if it was asked to accept this node, it has.</summary>
    public void Linked(PublicKey peer)
    {
        peers.Joined(peer);
        if (answers.TryRemove(peer, out var answer))
            answer.TrySetResult(null);
    }

    /// <summary>The inviter refused for good.</summary>
    public StoredPeer? Refused(PublicKey inviter, string reason)
    {
        var token = peers.Find(inviter)?.Joining?.Token;
        var peer = peers.JoinRefused(inviter);
        if (peer is { Removed: true } && token is { } shown)
            _ = InviteLimit.CancelAsync(ledger, inviter, shown);
        if (answers.TryRemove(inviter, out var answer))
            answer.TrySetResult(reason);
        return peer;
    }

    /// <summary>One sentence for a refusal.</summary>
    public static string Sentence(string reason) => reason switch
    {
        ByeReasons.InviteUsed =>
            "That invitation was used already: each is good for one person, once. Ask for a new one.",
        ByeReasons.InviteExpired => "That invitation has expired: ask for a new one.",
        ByeReasons.InviteRevoked => "That invitation was taken back: ask whether you shall have a new one.",
        _ => "The inviter does not know that invitation: its link was changed on the way, or is very old. "
            + "Ask for a new one.",
    };
}
