using System.Collections.Concurrent;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Links;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Peers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Invites;

/// <summary>Where invitations of others are taken, and where their answers arrive.</summary>
internal sealed class JoinDesk(PeerBook peers, Ledger ledger, TimeProvider time) : IDisposable
{
    private static readonly Task<string?> Accepted = Task.FromResult<string?>(null);

    private readonly ConcurrentDictionary<(PublicKey Inviter, InviteToken Token), TaskCompletionSource<string?>>
        answers = new();

    // One at a time, so that of two links of one inviter the later replaces the earlier, limit and all.
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Whether a peer is linked.</summary>
    public required Func<PublicKey, bool> IsOnline { get; init; }

    /// <summary>Called when whom to dial has changed.</summary>
    public Action<StoredPeer> Changed { get; set; } = _ => { };

    /// <summary>
    /// Takes an invitation, durably: from now on the inviter is a peer here, and is asked until it accepts or refuses.
    /// It replaces an earlier one of the same inviter that has no answer yet.
    /// </summary>
    public async Task<TakenInvite> JoinAsync(InviteLink link, string? name)
    {
        await turn.WaitAsync();
        try
        {
            return await TakeAsync(link, name);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>A link with a peer stands: if it was asked to accept this node, it has.</summary>
    public void Linked(PublicKey peer)
    {
        peers.Joined(peer);
        foreach (var asked in answers.Keys.Where(asked => asked.Inviter == peer))
            Answer(asked, reason: null);
    }

    /// <summary>
    /// The inviter refused that invitation for good. Gives the peer as it is then, or null if that ended nothing.
    /// </summary>
    public StoredPeer? Refused(PublicKey inviter, InviteToken token, string reason)
    {
        var peer = peers.JoinRefused(inviter, token);
        _ = InviteLimit.CancelAsync(ledger, inviter, token);
        Answer((inviter, token), reason);
        return peer;
    }

    public void Dispose() => turn.Dispose();

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

    private async Task<TakenInvite> TakeAsync(InviteLink link, string? name)
    {
        if (peers.ProblemOfJoin(link, name) is { } refusal)
            return new TakenInvite(new BookAnswer(null, refusal), Accepted, IsUsed: false);
        var before = peers.Find(link.Inviter);
        // An invitation is shown when a link begins. One that stands shows that the inviter has accepted this node.
        if (before is not null && IsOnline(link.Inviter))
            return new TakenInvite(before, Accepted, IsUsed: false);
        await InviteLimit.AskAsync(ledger, link.Inviter, link.Token, link.Asset, link.Limit, time.GetUtcNow());
        var outcome = answers.GetOrAdd(
            (link.Inviter, link.Token),
            _ => new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously));
        var answer = peers.Join(link, name);
        // Only now, so that a crash leaves the inviter with one limit too many rather than with none.
        if (before?.Joining is { Token: var replaced } && replaced != link.Token)
            await InviteLimit.CancelAsync(ledger, link.Inviter, replaced);
        if (answer.Peer is { } peer)
            Changed(peer);
        if (IsOnline(link.Inviter))
            Linked(link.Inviter);
        return new TakenInvite(answer, outcome.Task, IsUsed: true);
    }

    private void Answer((PublicKey Inviter, InviteToken Token) asked, string? reason)
    {
        if (answers.TryRemove(asked, out var waiting))
            waiting.TrySetResult(reason);
    }
}
