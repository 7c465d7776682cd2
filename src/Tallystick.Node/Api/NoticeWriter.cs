using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Settlements;

namespace Tallystick.Node.Api;

/// <summary>
/// Turns what became durable into what a person is told. It reads behind the ledger and never holds it up.
/// </summary>
internal sealed class NoticeWriter(NodeParts node, ILogger log)
{
    private readonly Lock gate = new();
    private readonly HashSet<PublicKey> announced = [];
    private readonly SettlementBook settlements = new(node);

    // Lines that had been queued and are sent now: told about once more when they are delivered.
    private readonly Dictionary<TabId, Queue<Ref>> onTheirWay = [];

    // Own agreements to pay: told about once the peer has seen them, for nobody should pay before.
    private readonly Dictionary<TabId, Queue<Ref>> agreements = [];

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var happened in node.Ledger.EventsAsync(stopping))
            {
                Tell(happened);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>A peer's last link is gone.</summary>
    public void PeerLeft(PublicKey key)
    {
        lock (gate)
        {
            if (!announced.Remove(key))
                return;
        }
        if (node.Book.Find(key) is { } peer)
            Publish(NoticeKinds.Disconnected, peer.Name);
    }

    private void Tell(LedgerEvent happened)
    {
        try
        {
            if (node.TabOf(happened.Tab) is { } tab && node.Book.Find(tab.PeerKey) is { } peer)
                Tell(happened, tab, peer.Name);
        }
        catch (Exception e)
        {
            // What cannot be told now is in the history; the next is told all the same.
            log.LogError(e, "A notice of {Event} could not be written", happened.GetType().Name);
        }
    }

    private void Tell(LedgerEvent happened, TabView tab, string peer)
    {
        switch (happened)
        {
            case PagesStored pages:
                if (pages.Author != tab.Me)
                    TellOfPages(pages.Pages, tab, peer);
                TellOfSettlements(pages.Pages, tab, peer);
                break;
            case IntentChanged { WasWaiting: true, State: IntentDone done }:
                Enqueue(onTheirWay, happened.Tab, done.FirstLine);
                break;
            case IntentChanged { WasWaiting: true, State: IntentRefused refused } changed:
                TellRefused(changed.RequestId, refused.Refusal, tab, peer);
                break;
            case Confirmed confirmed:
                TellDelivered(confirmed.Number, tab, peer);
                TellSeen(confirmed.Number, tab, peer);
                break;
            case ReadyChanged { Ready: true }:
                TellConnected(tab.PeerKey, peer);
                break;
            case TabFrozen:
                Publish(NoticeKinds.Frozen, peer, text: TabFigures.FrozenText(tab, peer));
                break;
            case ResetAskedFor:
                Publish(NoticeKinds.ResetAsked, peer);
                break;
            case TabReset reset:
                Publish(
                    NoticeKinds.Reset,
                    peer,
                    AmountText.Format(reset.Reset.Reset.Of(tab.Me.Other()).Given
                        - reset.Reset.Reset.Of(tab.Me).Given, tab.Terms.Asset),
                    tab.Terms.Asset);
                break;
            case TabStopped:
                Publish(NoticeKinds.Trouble, peer, text: tab.Trouble);
                break;
            default:
                break;
        }
    }

    private void TellOfPages(ImmutableArray<EncodedPage> pages, TabView tab, string peer)
    {
        var asset = tab.Terms.Asset;
        foreach (var page in pages)
        {
            foreach (var line in page.Page.Lines)
            {
                if (line is PayLine pay)
                    node.Notices.PublishPaid(pay, peer, asset);
                // That a peer opens without a limit is how every tab begins, and no news.
                else if (line is LimitLine { Limit: var limit } && !(limit.IsNone && page.Page.Number == 1))
                    Publish(NoticeKinds.Limit, peer, TabFigures.LimitText(limit, asset), asset);
            }
        }
    }

    private void TellOfSettlements(ImmutableArray<EncodedPage> pages, TabView tab, string peer)
    {
        foreach (var page in pages.Select(page => page.Page))
        {
            for (var at = 0; at < page.Lines.Length; at++)
            {
                if (page.Lines[at] is not (ProposeLine or ModifyLine or WithdrawLine or AcceptLine or DisputeLine
                        or ReceivedLine)
                    || settlements.FindByLine(tab, page.Author, new Ref(page.Number, at)) is not { } known)
                {
                    continue;
                }
                var info = SettlementBook.Describe(known);
                if (page.Author == tab.Me && info.State == SettlementStates.Agreed && page.Lines[at] is AcceptLine)
                    Enqueue(agreements, tab.Terms.Id, new Ref(page.Number, at));
                var kind = page.Author == tab.Me ? NoticeKinds.Settlement : KindOf(page.Lines[at], info);
                var reason = (page.Lines[at] as DisputeLine)?.Reason;
                node.Notices.Publish(new Notice(
                    kind, peer, info.Amount, info.Asset, reason is { Length: > 0 } ? reason : null, info.Id, info));
            }
        }
    }

    private static string KindOf(Line line, SettlementInfo info) => line switch
    {
        ProposeLine => NoticeKinds.Proposed,
        ModifyLine => NoticeKinds.Modified,
        WithdrawLine => NoticeKinds.Withdrawn,
        DisputeLine => NoticeKinds.Disputed,
        AcceptLine when info.State != SettlementStates.Settled => NoticeKinds.Agreed,
        _ => NoticeKinds.Settled,
    };

    private void TellRefused(RequestId id, Refusal refusal, TabView tab, string peer)
    {
        var lines = node.Store.FindIntent(id)?.Lines ?? [];
        if (lines is [not PayLine, ..] && settlements.FindMeant(tab, lines[0]) is { } known)
        {
            var info = SettlementBook.Describe(known);
            var why = SettlementText.WhyRefused(refusal, known);
            node.Notices.Publish(new Notice(NoticeKinds.Refused, peer, null, info.Asset, why, info.Id, info));
            return;
        }
        var amount = lines is [PayLine pay] ? AmountText.Format(pay.Amount.Units, tab.Terms.Asset) : null;
        Publish(NoticeKinds.Refused, peer, amount, tab.Terms.Asset, PaymentText.WhyRefused(refusal, peer), id);
    }

    private void TellDelivered(long number, TabView tab, string peer)
    {
        if (!onTheirWay.TryGetValue(tab.Terms.Id, out var sent))
            return;
        Page? page = null;
        while (sent.TryPeek(out var next) && next.Page <= number)
        {
            sent.Dequeue();
            if (page?.Number != next.Page && node.Store.ReadPages(tab.Terms.Id, tab.Me, next.Page, 1) is [var stored])
                page = stored.Page.Page;
            if (page?.Number != next.Page || page.Lines[next.Line] is not PayLine pay)
                continue;
            var amount = AmountText.Format(pay.Amount.Units, tab.Terms.Asset);
            var memo = pay.Memo.Length == 0 ? null : pay.Memo;
            Publish(NoticeKinds.Delivered, peer, amount, tab.Terms.Asset, memo, pay.RequestId);
        }
    }

    private void TellSeen(long number, TabView tab, string peer)
    {
        if (!agreements.TryGetValue(tab.Terms.Id, out var said))
            return;
        while (said.TryPeek(out var next) && next.Page <= number)
        {
            said.Dequeue();
            // It may have been modified, disputed or booked since.
            if (settlements.FindByLine(tab, tab.Me, next) is not { } known)
                continue;
            var info = SettlementBook.Describe(known);
            if (info.SafeToTransfer)
            {
                node.Notices.Publish(new Notice(
                    NoticeKinds.Seen, peer, info.Amount, info.Asset, Text: null, info.Id, info));
            }
        }
    }

    private static void Enqueue(Dictionary<TabId, Queue<Ref>> lines, TabId tab, Ref line)
    {
        if (!lines.TryGetValue(tab, out var waiting))
            lines[tab] = waiting = new Queue<Ref>();
        waiting.Enqueue(line);
    }

    private void TellConnected(PublicKey key, string peer)
    {
        lock (gate)
        {
            // It may have left again before this was read.
            if (!node.Door.Presence.IsOnline(key) || !announced.Add(key))
                return;
        }
        Publish(NoticeKinds.Connected, peer);
    }

    private void Publish(
        string kind,
        string peer,
        string? amount = null,
        Asset? asset = null,
        string? text = null,
        RequestId? id = null) =>
        node.Notices.Publish(
            new Notice(kind, peer, amount, asset?.Code, text, id is { } known ? PaymentText.ShortId(known) : null));
}
