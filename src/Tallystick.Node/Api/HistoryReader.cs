using Tallystick.Client;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Settlements;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Api;

/// <summary>
/// Reads the history of some tabs backwards: lines of stored pages in the order in which this node stored them,
/// and between them by time the intents that are on no page. Those that wait come last: they have yet to happen.
/// </summary>
internal sealed class HistoryReader(NodeParts node, IReadOnlyDictionary<TabId, (string Peer, TabView Tab)> tabs)
{
    private const int PagesAtOnce = 16;
    private const int MostUnsigned = 10_000;

    /// <summary>At most <paramref name="most"/> entries older than the cursor, newest last.</summary>
    public HistoryPage Read(HistoryCursor from, int most)
    {
        var newestFirst = new List<HistoryEntry>(most);
        var at = from;
        using var entries = NewestFirst(from).GetEnumerator();
        var more = entries.MoveNext();
        for (; more && newestFirst.Count < most; more = entries.MoveNext())
        {
            newestFirst.Add(entries.Current.Entry);
            at = entries.Current.After;
        }
        newestFirst.Reverse();
        return new HistoryPage(newestFirst, more ? at.ToString() : null);
    }

    /// <summary>
    /// Every entry older than the cursor, newest first, each with the cursor of what is older than it.
    /// </summary>
    public IEnumerable<(HistoryEntry Entry, HistoryCursor After)> NewestFirst(HistoryCursor from)
    {
        var at = from;
        using var lines = Lines(from).GetEnumerator();
        using var intents = Intents(from).GetEnumerator();
        var (moreLines, moreIntents) = (lines.MoveNext(), intents.MoveNext());
        while (moreLines || moreIntents)
        {
            if (moreIntents && (!moreLines || IsNewer(intents.Current, lines.Current.Page)))
            {
                var intent = intents.Current;
                var after = at with { AskedMs = Position(intent), RequestId = intent.RequestId };
                var entries = Describe(intent).ToList();
                // Whoever stops between the lines of one intent gets all of them the next time.
                for (var line = 0; line < entries.Count; line++)
                    yield return (entries[line], line == entries.Count - 1 ? after : at);
                at = after;
                moreIntents = intents.MoveNext();
            }
            else
            {
                at = at with { Sequence = lines.Current.Page.Sequence, Line = lines.Current.Line };
                yield return (Describe(lines.Current.Page, lines.Current.Line), at);
                moreLines = lines.MoveNext();
            }
        }
    }

    private IEnumerable<(StoredPage Page, int Line)> Lines(HistoryCursor from)
    {
        var below = from.Sequence == long.MaxValue ? from.Sequence : from.Sequence + 1;
        while (true)
        {
            var pages = node.Store.ReadNewestPages([.. tabs.Keys], below, PagesAtOnce);
            foreach (var page in pages)
            {
                var count = page.Page.Page.Lines.Length;
                if (page.Sequence == from.Sequence)
                    count = Math.Min(from.Line, count);
                for (var line = count - 1; line >= 0; line--)
                    yield return (page, line);
            }
            if (pages.Count < PagesAtOnce)
                yield break;
            below = pages[^1].Sequence;
        }
    }

    private IEnumerable<StoredIntent> Intents(HistoryCursor from) =>
        node.Store.ReadUnsignedIntents([.. tabs.Keys], MostUnsigned)
            .Where(intent => intent.Lines.Length > 0 && from.IsAfter(Position(intent), intent.RequestId))
            .OrderByDescending(Position)
            .ThenByDescending(intent => intent.RequestId);

    // Intents that wait are ordered among themselves, above everything that has happened.
    private static long Position(StoredIntent intent) =>
        intent.State is IntentWaiting ? intent.AskedMs + (1L << 60) : intent.AskedMs;

    private static bool IsNewer(StoredIntent intent, StoredPage page) => Position(intent) >= page.StoredMs;

    /// <summary>The entry of one line of a stored page.</summary>
    public HistoryEntry Describe(StoredPage stored, int index)
    {
        var page = stored.Page.Page;
        var (peer, tab) = tabs[page.Tab];
        var mine = page.Author == tab.Me;
        var line = page.Lines[index];
        var (kind, amount, text) = LineText.Of(line, tab.Terms.Asset);
        var context = LineContext.Of(node.Store, tab, page.Author, line, new Ref(page.Number, index));
        return new HistoryEntry(
            DateTimeOffset.FromUnixTimeMilliseconds(stored.StoredMs),
            peer,
            kind,
            mine,
            amount ?? AmountOf(context, tab),
            tab.Terms.Asset.Code,
            text,
            mine && page.Number > tab.SeenByPeer ? PaymentStates.Sent : PaymentStates.Delivered,
            PaymentText.ShortId(line.RequestId),
            page.Number,
            index,
            Reason: null,
            ChangeOf(context, tab),
            NameOf(context, tab),
            context.IsAsk);
    }

    /// <summary>The entries of an intent that is on no page, newest first.</summary>
    public IEnumerable<HistoryEntry> Describe(StoredIntent intent)
    {
        var (peer, tab) = tabs[intent.Tab];
        var refusal = (intent.State as IntentRefused)?.Refusal;
        foreach (var line in intent.Lines.Reverse())
        {
            var (kind, amount, text) = LineText.Of(line, tab.Terms.Asset);
            var context = LineContext.Of(node.Store, tab, tab.Me, line, at: default);
            yield return new HistoryEntry(
                DateTimeOffset.FromUnixTimeMilliseconds(intent.AskedMs),
                peer,
                kind,
                Mine: true,
                amount ?? AmountOf(context, tab),
                tab.Terms.Asset.Code,
                text,
                PaymentText.State(intent.State, delivered: false),
                PaymentText.ShortId(intent.RequestId),
                Page: null,
                Line: null,
                PaymentText.WhyRefused(refusal, peer),
                intent.State is IntentWaiting ? ChangeOf(context, tab) : null,
                NameOf(context, tab),
                context.IsAsk);
        }
    }

    private static string? AmountOf(LineContext context, TabView tab) =>
        context.Amount is { } units ? AmountText.Format(units, tab.Terms.Asset) : null;

    private static string? ChangeOf(LineContext context, TabView tab) =>
        context.Change == 0 ? null : AmountText.Format(context.Change, tab.Terms.Asset);

    private static string? NameOf(LineContext context, TabView tab) =>
        context.Settlement is { } key ? SettlementName.KeyOf(tab.Terms.Id, key) : null;
}
