using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Api;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Storage;
using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web.Activities;

/// <summary>Finds one entry and all that the book knows of its way.</summary>
internal sealed class TimelineReader(NodeParts node)
{
    /// <summary>
    /// The entry at a place in a chain (peer, asset, by, page, line) or under an id; null when unknown.
    /// </summary>
    public Timeline? Read(IQueryCollection query)
    {
        if (query["id"].ToString() is { Length: > 0 } id)
            return ById(id);
        if (node.Book.Find(query["peer"].ToString()) is not { } peer
            || node.TabsOf(peer).Select(pair => pair.Tab).FirstOrDefault(
                tab => tab.Terms.Asset.Code == query["asset"].ToString()) is not { } tab
            || !long.TryParse(query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !int.TryParse(query["line"], NumberStyles.None, CultureInfo.InvariantCulture, out var line))
        {
            return null;
        }
        var author = query["by"] == "me" ? tab.Me : tab.Me.Other();
        return At(peer.Name, tab, author, new Ref(number, line));
    }

    private Timeline? ById(string id)
    {
        if (PaymentLookup.Find(node, id).Value is not { } stored || node.TabOf(stored.Tab) is not { } tab)
            return null;
        var peer = node.NameOf(tab);
        if (stored.State is IntentDone done)
            return At(peer, tab, tab.Me, done.FirstLine);
        var entry = new HistoryReader(node, Only(peer, tab)).Describe(stored).First();
        var isOver = stored.State is not IntentWaiting;
        return new Timeline(
            EntryModel.Of(entry, node.Time.GetUtcNow()),
            entry.Reason ?? (isOver ? null : PaymentText.WhyItWaits(node, tab, peer)),
            [
                Asked(stored.AskedMs),
                isOver
                    ? new TimelineStep("Ended", "Nothing was signed, so nothing was sent.", Time: null)
                    : new TimelineStep("To be signed", $"As soon as {Say.Name(peer)} is there.", Time: null),
            ]);
    }

    private Timeline? At(string peer, TabView tab, Party author, Ref at)
    {
        if (node.Store.ReadPages(tab.Terms.Id, author, at.Page, 1) is not [var stored]
            || stored.Page.Page.Number != at.Page || at.Line >= stored.Page.Page.Lines.Length)
        {
            return null;
        }
        var isMine = author == tab.Me;
        var entry = new HistoryReader(node, Only(peer, tab)).Describe(stored, at.Line);
        var steps = new List<TimelineStep>();
        if (isMine && AskedMs(stored.Page.Page.Lines[at.Line].RequestId) is { } askedMs)
            steps.Add(Asked(askedMs));
        var (whom, place) = (Say.Name(peer), Place(peer, tab, stored));
        steps.AddRange(isMine
            ?
            [
                new("Signed and stored", "On this page, on disk before it left.", Stored(stored), place),
                new("Sent", $"A page is written only while {whom} is there, and sent again if lost.", Stored(stored)),
            ]
            : (TimelineStep[])
            [
                new("Signed", $"On this page, by {whom}, at this time by their clock.", Signed(stored), place),
                new("Received and stored", "Checked by this node, and on its disk.", Stored(stored)),
            ]);
        steps.Add(Receipt(tab, author, at.Page) is { } receipt
            ? new TimelineStep(
                "Receipted",
                isMine ? $"{Say.Name(peer)} signed that the page is there." : "This node signed that the page is here.",
                Stored(receipt),
                Place(peer, tab, receipt))
            : new TimelineStep("Not receipted yet", "No page of the other side names it so far.", Time: null));
        return new Timeline(EntryModel.Of(entry, node.Time.GetUtcNow()), Reason: null, steps);
    }

    // What a page has seen never goes down along a chain, so the first that covers a number is found by halving.
    private StoredPage? Receipt(TabView tab, Party author, long number)
    {
        var (low, high) = (1L, tab.Snapshot.Mine.Of(author.Other()).Head.Number + 1);
        StoredPage? found = null;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (node.Store.ReadPages(tab.Terms.Id, author.Other(), middle, 1) is not [var page])
                high = middle;
            else if (page.Page.Page.Seen.Number >= number)
                (found, high) = (page, middle);
            else
                low = page.Page.Page.Number + 1;
        }
        return found;
    }

    private static Dictionary<TabId, (string Peer, TabView Tab)> Only(string peer, TabView tab) =>
        new() { [tab.Terms.Id] = (peer, tab) };

    private static TimelineStep Asked(long ms) => new(
        "Asked", "Written down by this node, on its disk.", DateTimeOffset.FromUnixTimeMilliseconds(ms));

    private static TimelinePlace Place(string peer, TabView tab, StoredPage stored) => new(
        stored.Page.Page.Author == tab.Me ? "your" : Say.Name(peer) + "’s",
        stored.Page.Page.Number,
        stored.Page.Hash.ToString(),
        Convert.ToHexStringLower(stored.Page.Signature.Span));

    private static DateTimeOffset Stored(StoredPage stored) => DateTimeOffset.FromUnixTimeMilliseconds(stored.StoredMs);

    private static DateTimeOffset Signed(StoredPage stored) =>
        DateTimeOffset.FromUnixTimeMilliseconds(stored.Page.Page.TimeMs);

    // A UUID of version 7 begins with the milliseconds at which it was made.
    private static long? AskedMs(RequestId id) =>
        (int)(id.Value >> 76 & 0xF) == 7 ? (long)(id.Value >> 80) : null;
}
