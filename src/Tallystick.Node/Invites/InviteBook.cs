using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Links;
using Tallystick.Node.Peers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Invites;

/// <summary>
/// This node's invitations. Readers see immutable pictures; changes are durable before anybody sees them. Thread-safe.
/// </summary>
internal sealed class InviteBook
{
    /// <summary>Invitations that may be open at a time: more than a person sends in a week.</summary>
    public const int MostOpen = 256;

    // What a late joiner is told about; then the invitation is as unknown as any.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    private readonly Lock gate = new();
    private readonly ILedgerStore store;
    private readonly TimeProvider time;
    private volatile ImmutableList<StoredInvite> all;
    private volatile TaskCompletionSource changed = NewPulse();

    public InviteBook(ILedgerStore store, TimeProvider time)
    {
        (this.store, this.time) = (store, time);
        all = [.. store.LoadInvites()];
    }

    /// <summary>The invitations, oldest first.</summary>
    public ImmutableList<StoredInvite> All => all;

    /// <summary>Completes with the next change of any invitation.</summary>
    public Task Changed => changed.Task;

    /// <summary>Whether it can be used now.</summary>
    public bool IsOpen(StoredInvite invite) => invite.State == InviteState.Open && NowMs < invite.ExpiresMs;

    /// <summary>What people call an invitation: the first 8 hexadecimal digits of its digest.</summary>
    public static string IdOf(StoredInvite invite) => invite.Digest.ToString()[..8];

    /// <summary>The only invitation whose id begins so, or null.</summary>
    public StoredInvite? Find(string id) =>
        id.Length > 0
        && all.FindAll(invite => IdOf(invite).StartsWith(id, StringComparison.OrdinalIgnoreCase)) is [var only]
            ? only
            : null;

    /// <summary>Keeps a new invitation.</summary>
    public BookRefusal? Add(StoredInvite invite)
    {
        lock (gate)
        {
            foreach (var old in all.Where(each => each.ExpiresMs + Remembered.TotalMilliseconds < NowMs))
            {
                store.DropInvite(old.Digest);
                all = all.Remove(old);
            }
            if (all.Count(IsOpen) >= MostOpen)
            {
                return new BookRefusal(
                    "too-many-invites", $"{MostOpen} invitations are open: take some back, with invite revoke ID.");
            }
            store.SaveInvite(invite);
            all = all.Add(invite);
            return null;
        }
    }

    /// <summary>Takes an open invitation back; returns how it stands then.</summary>
    public StoredInvite Revoke(StoredInvite invite)
    {
        lock (gate)
        {
            var now = all.Find(each => each.Digest == invite.Digest)!;
            return now.State == InviteState.Open
                ? Swap(now with { State = InviteState.Revoked, EndedMs = NowMs }, store.SaveInvite)
                : now;
        }
    }

    /// <summary>The invitation of a token if <paramref name="joiner"/> may use it, else why not, by name.</summary>
    /// <remarks>Whoever used it may come back with it: a crash may have kept this node's yes from him.</remarks>
    public (StoredInvite? Invite, string? Reason) Judge(InviteToken token, PublicKey joiner)
    {
        var digest = token.Digest;
        return all.Find(each => each.Digest == digest) switch
        {
            null => (null, ByeReasons.InviteUnknown),
            { State: InviteState.Used } mine when mine.UsedBy == joiner => (mine, null),
            { State: InviteState.Used } => (null, ByeReasons.InviteUsed),
            { State: InviteState.Revoked } => (null, ByeReasons.InviteRevoked),
            var open => IsOpen(open) ? (open, null) : (null, ByeReasons.InviteExpired),
        };
    }

    /// <summary>Burns an open invitation in the same durable step in which <paramref name="save"/> writes.</summary>
    public void Burn(StoredInvite invite, PublicKey joiner, Action<StoredInvite> save)
    {
        lock (gate)
            Swap(invite with { State = InviteState.Used, UsedBy = joiner, EndedMs = NowMs }, save);
    }

    private StoredInvite Swap(StoredInvite now, Action<StoredInvite> save)
    {
        save(now);
        all = all.SetItem(all.FindIndex(each => each.Digest == now.Digest), now);
        Interlocked.Exchange(ref changed, NewPulse()).SetResult();
        return now;
    }

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
