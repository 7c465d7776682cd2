using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Links;
using Tallystick.Core.Money;
using Tallystick.Core.Sync;
using Tallystick.Node.Api;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Links;
using Tallystick.Node.Peers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Invites;

/// <summary>Where invitations are made, and where those who come with one are received.</summary>
internal sealed class InviteDesk(
    InviteBook invites, PeerBook peers, Ledger ledger, PublicKey me, NoticeFeed notices, TimeProvider time)
    : IDisposable
{
    // A secret has 128 bits, so this is for peace rather than for safety: an address may be wrong ten times, and then
    // once in ten seconds. Many people may share one address, so whoever is right is never kept waiting for it.
    private readonly CallerAllowance guesses = new(perSecond: 0.1, atOnce: 10, time);

    // One at a time, so that of two who race for an invitation the second meets it burnt.
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Called when somebody has become a peer, so that tabs are opened with him.</summary>
    public Action<StoredPeer> Redeemed { get; set; } = _ => { };

    /// <summary>Makes an invitation. The link is shown now and never again: only its digest is kept.</summary>
    public (InviteLink Link, StoredInvite Invite, BookRefusal? Refusal) Make(
        string name, Asset asset, CreditLimit limit, TimeSpan validFor, ImmutableArray<string> addresses)
    {
        var now = time.GetUtcNow();
        var expires = (now + validFor).ToUnixTimeSeconds();
        Span<byte> secret = stackalloc byte[16];
        RandomNumberGenerator.Fill(secret);
        var link = new InviteLink(
            me, name, asset, limit, expires, BinaryPrimitives.ReadUInt128BigEndian(secret), addresses);
        var invite = new StoredInvite(
            link.Token.Digest, now.ToUnixTimeMilliseconds(), expires * 1_000, asset, limit);
        return (link, invite, invites.Add(invite));
    }

    /// <summary>Somebody who has proven a key shows a token: null when he is a peer now, else why not.</summary>
    public async Task<string?> RedeemAsync(Greeting greeting, InviteToken token, IPAddress from)
    {
        await turn.WaitAsync();
        try
        {
            var (invite, reason) = invites.Judge(token, greeting.Key);
            if (invite is null)
            {
                var isGuess = reason == ByeReasons.InviteUnknown;
                return isGuess && !guesses.TryTake(CallerAddress.Of(from)) ? ByeReasons.TooMany : reason;
            }
            if (invite.State == InviteState.Used)
                return peers.Find(greeting.Key) is null ? ByeReasons.InviteUsed : null;
            return await AdmitAsync(greeting, token, invite);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<string?> AdmitAsync(Greeting greeting, InviteToken token, StoredInvite invite)
    {
        await InviteLimit.AskAsync(ledger, greeting.Key, token, invite.Asset, invite.Limit, time.GetUtcNow());
        StoredPeer? peer = null;
        try
        {
            invites.Burn(invite, greeting.Key, used => peer = peers.Redeem(greeting, used));
        }
        catch (StoreConflictException)
        {
            // It was taken back while the limit was written.
            await InviteLimit.CancelAsync(ledger, greeting.Key, token);
            return ByeReasons.InviteRevoked;
        }
        Redeemed(peer!);
        notices.Publish(new Notice(
            NoticeKinds.Joined, peer!.Name, Amount: null, Asset: null, PairPhrase.Of(me, greeting.Key),
            InviteBook.IdOf(invite)));
        return null;
    }
}
