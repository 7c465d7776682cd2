using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Tallystick.Core.Identity;
using Tallystick.Core.Links;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Node.Links;

namespace Tallystick.Node.Ledgers;

/// <content>
/// What comes from the peers. Signatures are verified here, before the tab judges: on the link's own thread, and on
/// others while more has come behind.
/// </content>
internal sealed partial class Ledger
{
    private readonly ConcurrentDictionary<long, IncomingPages> incoming = new();
    private readonly ConcurrentDictionary<PublicKey, PeerLink> currentLinks = new();
    private readonly ConcurrentDictionary<(TabId Tab, long Link), TabOutbox> outboxes = new();
    private readonly ConcurrentDictionary<long, PeerLink> links = new();

    /// <summary>The link is the peer's current one: every tab says Hello on it.</summary>
    public void LinkIsCurrent(PeerLink link)
    {
        lock (opening)
        {
            links[link.Number] = link;
            incoming[link.Number] = new IncomingPages();
            currentLinks[link.PeerKey] = link;
            foreach (var tab in tabs.With(link.PeerKey))
                PostAndForget(tab, new LinkCurrent(link.Number, highestLink(), link.Binding));
        }
    }

    /// <summary>The link is gone: its sessions end.</summary>
    public void LinkIsGone(PeerLink link)
    {
        lock (opening)
        {
            links.TryRemove(link.Number, out _);
            // A frame that waits for room is the link's last; nothing else would ever let it go on.
            if (incoming.TryRemove(link.Number, out var pages))
                pages.MakeRoom();
            currentLinks.TryRemove(KeyValuePair.Create(link.PeerKey, link));
            foreach (var tab in tabs.With(link.PeerKey))
            {
                PostAndForget(tab, new LinkGone(link.Number));
                outboxes.TryRemove((tab.Id, link.Number), out _);
            }
        }
    }

    /// <summary>A frame of a proven link to a trusted peer. Waiting for it holds the peer back.</summary>
    public async ValueTask ReceiveAsync(PeerLink link, Frame frame)
    {
        // What came before is handed on before; pages see to that themselves.
        if (frame is not PageFrame && incoming.TryGetValue(link.Number, out var before))
        {
            await before.HandedOn;
            if (link.CloseReason is not null)
                return;
        }
        Rejection? refusal;
        try
        {
            refusal = frame switch
            {
                HelloFrame hello => await ReceiveAsync(link, hello.Hello),
                PageFrame page => await ReceiveAsync(link, page),
                AskPageFrame asked => await ReceiveAsync(link, asked),
                FaultFrame fault => await ReceiveAsync(link, fault.Fault),
                ResetOfferFrame offer => await ReceiveAsync(link, offer.Offer),
                ResetFrame reset => await ReceiveAsync(link, reset.Reset),
                _ => null,
            };
        }
        catch (ChannelClosedException)
        {
            // That tab met a bug and stopped. The peer's other tabs go on, so the link stays.
            return;
        }
        if (refusal is not null)
            Refuse(link, refusal);
    }

    private void Refuse(PeerLink link, Rejection refusal)
    {
        log.LogWarning("Link {Link} is closed: {Refusal}", link.Number, refusal);
        link.Close(refusal.Name);
    }

    private async ValueTask<Rejection?> ReceiveAsync(PeerLink link, SignedHello signed)
    {
        var hello = signed.Hello;
        if (!TabTerms.TryCreate(identity.Key, link.PeerKey, hello.Asset, out var terms))
            return Rejections.SameKey;
        terms.TryPartyOf(link.PeerKey, out var peer);
        if (terms.Id != hello.Tab || hello.Author != peer)
            return Rejections.WrongTab;
        if (!keys.Verify(link.PeerKey, signed.Content.Hash, signed.Signature.Span))
            return Rejections.BadSignature;
        // On a link that is not the peer's current one a Hello opens nothing.
        if (!currentLinks.TryGetValue(link.PeerKey, out var current) || !ReferenceEquals(current, link))
            return Rejections.StaleHello;
        if (!tabs.TryFind(terms.Id, out _) && tabs.With(link.PeerKey).Length >= MaxTabsPerPeer)
            return Rejections.WrongTab;
        await OpenTab(terms).PostAsync(
            new HelloCame(link.Number, highestLink(), link.Binding, signed, null, null), stopping.Token);
        return null;
    }

    private async ValueTask<Rejection?> ReceiveAsync(PeerLink link, PageFrame frame)
    {
        var page = frame.Page;
        if (!TryFindTab(link, page.Page.Tab, out var tab))
            return Rejections.WrongTab;
        var author = tab.View.Terms.KeyOf(page.Page.Author);
        // On a link that is not current the tab would drop it.
        if (!incoming.TryGetValue(link.Number, out var pages))
            return Verify() ? null : Rejections.BadSignature;
        await pages.TakeRoomAsync(stopping.Token);
        var verified = link.HasMore ? Task.Run(Verify) : Task.FromResult(Verify());
        pages.Add(() => HandOnAsync(link, pages, tab, page, verified));
        return null;

        bool Verify() => keys.Verify(author, page.Hash, page.Signature.Span);
    }

    private async ValueTask HandOnAsync(
        PeerLink link, IncomingPages pages, TabLedger tab, SignedPage page, Task<bool> verified)
    {
        try
        {
            if (!await verified)
                Refuse(link, Rejections.BadSignature);
            if (link.CloseReason is null)
            {
                await tab.PostAsync(
                    new PageCame(link.Number, page, null), stopping.Token, lend: pages.IsLast && !link.HasMore);
                return;
            }
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            // The tab met a bug and stopped, or the node is leaving.
        }
        catch (Exception e)
        {
            log.LogError(e, "Link {Link} is closed", link.Number);
            link.Close(ByeReasons.Failed);
        }
        pages.MakeRoom();
    }

    private async ValueTask<Rejection?> ReceiveAsync(PeerLink link, AskPageFrame asked)
    {
        if (!TryFindTab(link, asked.Tab, out var tab))
            return Rejections.WrongTab;
        await tab.PostAsync(new PageAsked(link.Number, asked.Author, asked.Number), stopping.Token);
        return null;
    }

    private async ValueTask<Rejection?> ReceiveAsync(PeerLink link, SignedFault signed)
    {
        var fault = signed.Content.Fault;
        if (!TryFindTab(link, fault.Tab, out var tab))
            return Rejections.WrongTab;
        var (terms, page) = (tab.View.Terms, fault.Page);
        if (!keys.Verify(terms.KeyOf(fault.Author), signed.Content.Hash, signed.Signature.Span)
            || !keys.Verify(terms.KeyOf(page.Page.Author), page.Hash, page.Signature.Span))
        {
            return Rejections.BadSignature;
        }
        await PostWithRoomAsync(link, tab, new FaultCame(link.Number, signed));
        return null;
    }

    private async ValueTask<Rejection?> ReceiveAsync(PeerLink link, SignedReset offer)
    {
        if (!TryFindTab(link, offer.Content.Reset.Tab, out var tab))
            return Rejections.WrongTab;
        if (!keys.Verify(link.PeerKey, offer.Content.Hash, offer.Signature.Span))
            return Rejections.BadSignature;
        await PostWithRoomAsync(link, tab, new ResetOffered(link.Number, offer));
        return null;
    }

    // The own signature is verified like the other's: this node may have lost its memory of it with a backup.
    private async ValueTask<Rejection?> ReceiveAsync(PeerLink link, AgreedReset agreed)
    {
        if (!TryFindTab(link, agreed.Reset.Tab, out var tab))
            return Rejections.WrongTab;
        var terms = tab.View.Terms;
        if (!keys.Verify(terms.Key0, agreed.Content.Hash, agreed.SignatureOfZero.Span)
            || !keys.Verify(terms.Key1, agreed.Content.Hash, agreed.SignatureOfOne.Span))
        {
            return Rejections.BadSignature;
        }
        await PostWithRoomAsync(link, tab, new ResetCame(link.Number, agreed, null));
        return null;
    }

    private async ValueTask PostWithRoomAsync(PeerLink link, TabLedger tab, TabInput input)
    {
        // Only a current link has room. On any other the tab would drop the frame, so it need not wait for that.
        if (!incoming.TryGetValue(link.Number, out var pages))
            return;
        await pages.TakeRoomAsync(stopping.Token);
        try
        {
            // What has come behind it is better read and verified meanwhile.
            await tab.PostAsync(input, stopping.Token, lend: !link.HasMore);
        }
        catch
        {
            pages.MakeRoom();
            throw;
        }
    }

    private void MakeRoom(long link)
    {
        if (incoming.TryGetValue(link, out var pages))
            pages.MakeRoom();
    }

    private bool TryFindTab(
        PeerLink link, TabId id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TabLedger? tab) =>
        tabs.TryFind(id, out tab) && tab.View.PeerKey == link.PeerKey;

    // The order of a link's coming and going must be kept, and its caller must not wait for a busy tab.
    private void PostAndForget(TabLedger tab, TabInput input)
    {
        var post = tab.PostAsync(input, stopping.Token);
        if (!post.IsCompletedSuccessfully)
            _ = post.AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
