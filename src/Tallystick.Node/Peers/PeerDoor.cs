using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Links;
using Tallystick.Core.Money;
using Tallystick.Core.Sync;
using Tallystick.Node.Api;
using Tallystick.Node.Invites;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Links;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Peers;

/// <summary>
/// Where links meet the book: decides who comes in, opens tabs with whom becomes a peer, hands frames to the ledger
/// and tells the person who came, left or knocked.
/// </summary>
internal sealed class PeerDoor(
    PeerBook book, Ledger ledger, NoticeFeed notices, IReadOnlyList<Asset> assets, Fingerprint mine,
    TimeProvider time, ILogger log)
    : IDisposable
{
    private const int MostMet = 32;

    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(1.5);

    // Anybody can knock with any number of keys; all of them are in the list of strangers, but few are told.
    private readonly RateAllowance knocksToTell = new(perSecond: 0.1, atOnce: 10, Clock.NowMs(time));

    private readonly ToldMoves moves = new(book, time);

    private LinkHub? hub;
    private InviteDesk? invited;
    private JoinDesk? joining;

    public Presence Presence { get; } = new();

    /// <summary>What the hub asks and tells.</summary>
    public LinkCallbacks Callbacks => new()
    {
        Trust = Trust,
        Redeem = (greeting, token, from) =>
            invited?.RedeemAsync(greeting, token, from) ?? Task.FromResult<string?>(ByeReasons.InviteUnknown),
        OnCurrent = Came,
        OnGone = Left,
        OnFrame = ReceiveAsync,
        OnDialFailed = (address, why) =>
        {
            log.LogDebug("Dialling {Address}: {Why}", address, why);
            Presence.NoteFailure(address, $"{DialPlaces.Shown(address)} cannot be reached: {why}.");
        },
        OnNotice = Notice,
        OnRelay = RelayChanged,
        OnMet = Meet,
        OnError = e => log.LogError(e, "A link callback failed"),
    };

    /// <summary>Lets those in who come with an invitation, and hears what became of those taken here.</summary>
    public void TakeInvitations(InviteDesk own, JoinDesk taken) => (invited, joining) = (own, taken);

    /// <summary>Begins to dial. Tabs are opened for peers that were pinned when other assets were asked for.</summary>
    public void Open(LinkHub opened)
    {
        hub = opened;
        moves.Noted = DialPeers;
        foreach (var peer in book.Peers)
            OpenTabs(peer);
        DialPeers();
    }

    /// <summary>Takes note of a peer that was added, accepted or renamed.</summary>
    public void Changed(StoredPeer peer)
    {
        OpenTabs(peer);
        DialPeers();
    }

    /// <summary>Ends every link with a peer that was removed.</summary>
    public async Task RemovedAsync(StoredPeer peer)
    {
        DialPeers();
        Presence.Clear(peer.DialAddress());
        if (peer.Key is { } key && hub is not null)
            await hub.CloseAsync(key, ByeReasons.NotYetAccepted);
    }

    public void Dispose() => moves.Dispose();

    // Many threads change the book; the newest picture of it is what the hub finds when it looks.
    private void DialPeers() => hub?.SetPeers(
        () => DialPlaces.Targets([.. book.Peers], hub.Relays.Select(each => each.Relay).ToList()));

    private void RelayChanged(PeerAddress relay, string? why)
    {
        log.LogDebug("Relay {Relay}: {Why}", relay, why ?? "registered");
        if (why is null)
            Presence.Clear(relay.ToString());
        else
            TellTrouble(
                relay.ToString(), relay.ToString(), $"The relay {relay} cannot be used: {why}. It is tried again.");
    }

    // Only a demo names a word. Whoever named the same is taken for a peer without a question, and a few at most.
    private void Meet(PeerAddress address)
    {
        var isKnown = book.Peers.Any(peer =>
            peer.Key is { } key ? Fingerprint.Of(key) == address.Expected : peer.Address == address.ToString());
        if (!isKnown && book.Peers.Count() < MostMet && book.Add(name: null, address.ToString()).Peer is { } met)
            Changed(met);
    }

    private void OpenTabs(StoredPeer peer)
    {
        if (peer is not { Key: { } key, Removed: false })
            return;
        foreach (var asset in assets)
            ledger.OpenTab(key, asset);
    }

    private TrustDecision Trust(Greeting greeting, string? dialledAddress, IPEndPoint from)
    {
        var before = book.Picture;
        var verdict = book.Judge(greeting, dialledAddress, from.ToString());
        log.LogDebug("{Key} from {From}: {Trust}", greeting.Key, from, verdict.Trust);
        if (verdict is { Pinned: true, Peer: { } pinned })
            OpenTabs(pinned);
        // Whoever merely comes back is dialled where it was before.
        if (verdict.Trust == Peers.Trust.Peer && book.Picture != before)
            DialPeers();
        if (verdict.FirstKnock is { } stranger && knocksToTell.TryTake(Clock.NowMs(time)))
            TellUnlessMended(NoticeKinds.Knock, stranger.ClaimedName, stranger.Fingerprint, () =>
                book.Strangers.All(waiting => waiting.Key != stranger.Key));
        if (verdict.Trouble is { } trouble)
        {
            var peer = verdict.Peer?.Name ?? NameAt(dialledAddress);
            TellTrouble(dialledAddress ?? from.Address.ToString(), peer, trouble);
        }
        return verdict.Trust == Peers.Trust.Peer ? TrustDecision.Trusted : TrustDecision.NotYetAccepted;
    }

    private void Came(PeerLink link)
    {
        Presence.Came(link, book.Find(link.PeerKey)?.DialAddress());
        joining?.Linked(link.PeerKey);
        Tell(link, OwnAddresses());
        ledger.LinkIsCurrent(link);
    }

    /// <summary>Where peers can dial this node.</summary>
    public Func<ImmutableArray<string>> OwnAddresses { get; set; } = () => [];

    /// <summary>Tells every peer that is linked where this node can be dialled now.</summary>
    public void Moved()
    {
        foreach (var link in Presence.Links)
            Tell(link, OwnAddresses());
    }

    private static void Tell(PeerLink link, ImmutableArray<string> addresses)
    {
        if (!LinkHandshake.IsOld(link.PeerGreeting))
            link.TrySend(FrameCodec.Write(new AddressesFrame(addresses)));
    }

    private ValueTask ReceiveAsync(PeerLink link, Frame frame)
    {
        if (frame is not AddressesFrame said)
            return ledger.ReceiveAsync(link, frame);
        moves.Hear(link.PeerKey, ToldAddresses.Of(said, link));
        return ValueTask.CompletedTask;
    }

    private void Left(PeerLink link, string why)
    {
        log.LogDebug("Link {Link} is gone: {Why}", link.Number, why);
        ledger.LinkIsGone(link);
        if (Presence.Left(link))
            PeerLeft?.Invoke(link.PeerKey);
    }

    /// <summary>Called when a peer's last link is gone.</summary>
    public Action<PublicKey>? PeerLeft { get; set; }

    private void Notice(LinkNotice notice)
    {
        switch (notice)
        {
            case NotAcceptedThere there:
                var waiting =
                    $"{NameAt(there.Address)} has not accepted this node yet; its person can with: accept {mine}.";
                if (Presence.NoteTrouble(there.Address, waiting))
                {
                    TellUnlessMended(NoticeKinds.NotYetAccepted, NameAt(there.Address), mine, () =>
                        Presence.IsOnline(there.Key));
                }
                break;
            case WrongKeyThere wrong:
                TellWrongKey(wrong);
                break;
            case InviteRefused refused:
                RefuseJoin(refused);
                break;
            case OneselfThere oneself:
                TellTrouble(
                    oneself.Address, NameAt(oneself.Address), PeerBook.Oneself(DialPlaces.Shown(oneself.Address)));
                break;
            case SecondInstanceHere here:
                TellTrouble(here.Peer.ToString(), NameOf(here.Peer),
                    $"{NameOf(here.Peer)} is linked to another running copy of this node: stop one of the two.");
                break;
            case SecondInstanceThere there:
                TellTrouble(there.Peer.ToString(), NameOf(there.Peer),
                    $"A second copy of {NameOf(there.Peer)} tried to connect and was refused.");
                break;
            default:
                break;
        }
    }

    private void TellWrongKey(WrongKeyThere wrong)
    {
        // A peer may say anything of where it is; only the person's own word is worth a warning.
        if (book.Find(wrong.Expected) is { Address: null })
            Presence.NoteFailure(wrong.Address, $"Somebody else answers at {DialPlaces.Shown(wrong.Address)}.");
        else
        {
            TellTrouble(wrong.Address, NameAt(wrong.Address), PeerBook.OtherKey(
                wrong.Address, NameAt(wrong.Address), wrong.Expected, wrong.Found));
        }
    }

    private void RefuseJoin(InviteRefused refused)
    {
        if (joining?.Refused(refused.Inviter, refused.Token, refused.Reason) is not { } peer)
            return;
        if (peer.Removed)
            _ = RemovedAsync(peer);
        Tell(NoticeKinds.Trouble, peer.Name, JoinDesk.Sentence(refused.Reason));
    }

    private void TellTrouble(string where, string peer, string sentence)
    {
        if (Presence.NoteTrouble(where, sentence))
            Tell(NoticeKinds.Trouble, peer, sentence);
    }

    // Two who named each other meet as strangers for a moment; only what lasts is worth a person's while.
    private void TellUnlessMended(string kind, string peer, Fingerprint fingerprint, Func<bool> isMended)
    {
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                if (!isMended())
                    Tell(kind, peer, fingerprint.ToString());
            },
            state: null,
            Courtesy,
            Timeout.InfiniteTimeSpan);
    }

    private void Tell(string kind, string peer, string text) =>
        notices.Publish(new Notice(kind, peer, Amount: null, Asset: null, text, Id: null));

    private string NameAt(string? address) =>
        book.Peers.FirstOrDefault(peer => address is not null && peer.DialAddress() == address)?.Name
            ?? NameOfCallee(address) ?? address ?? "somebody";

    private string? NameOfCallee(string? address) =>
        PeerAddress.TryParse(address, out var where, out _) && where.Expected is { } expected
            ? book.Peers.FirstOrDefault(peer => peer.Key is { } key && Fingerprint.Of(key) == expected)?.Name
            : null;

    private string NameOf(PublicKey key) => book.Find(key)?.Name ?? Fingerprint.Of(key).ToString();
}
