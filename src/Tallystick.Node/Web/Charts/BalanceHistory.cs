using Tallystick.Core.Tabs;
using Tallystick.Node.Api;
using Tallystick.Node.Ledgers;

namespace Tallystick.Node.Web.Charts;

/// <summary>
/// What balances were at some moments, read from the totals that every page carries: a few pages for each moment,
/// however long the book. What is past stays as it was, so it is read once.
/// </summary>
internal sealed class BalanceHistory(NodeParts node)
{
    private const int MostMoments = 60;
    private const int MostRemembered = 100_000;

    // Both may have written at once; more than that many pages that the other had not seen are rare.
    private const int PagesToLookAt = 4;

    // A commit is stamped when it begins, so a moment that has just passed may still get a page.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15), TimeSpan.FromHours(1),
        TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromDays(1),
        TimeSpan.FromDays(2), TimeSpan.FromDays(7), TimeSpan.FromDays(14), TimeSpan.FromDays(28),
        TimeSpan.FromDays(84), TimeSpan.FromDays(364),
    ];

    private readonly Lock gate = new();
    private readonly Dictionary<(TabId Tab, long AtMs), long> known = [];

    /// <summary>The sum of the balances of these tabs, from their first page until now; oldest first.</summary>
    public IReadOnlyList<BalancePoint> Read(IReadOnlyCollection<TabView> tabs)
    {
        var now = node.Time.GetUtcNow();
        var points = new List<BalancePoint>();
        foreach (var moment in Moments(FirstOf(tabs) ?? now, now))
            points.Add(new BalancePoint(moment, SumAt(tabs, moment, now)));
        points.Add(new BalancePoint(now, tabs.Sum(tab => tab.Balance)));
        return points;
    }

    // Round moments, so that they are the same ones the next time; the first is before anything happened.
    private static IEnumerable<DateTimeOffset> Moments(DateTimeOffset first, DateTimeOffset now)
    {
        var step = Array.Find(Steps, step => (now - first) / step < MostMoments - 1);
        if (step == default)
            step = Steps[^1];
        var last = now.UtcTicks / step.Ticks;
        var count = Math.Clamp(last - first.UtcTicks / step.Ticks + 1, 1, MostMoments);
        for (var at = last - count + 1; at <= last; at++)
            yield return new DateTimeOffset(at * step.Ticks, TimeSpan.Zero);
    }

    private DateTimeOffset? FirstOf(IReadOnlyCollection<TabView> tabs)
    {
        var firstMs =
            from tab in tabs
            from author in (Party[])[Party.Zero, Party.One]
            from page in node.Store.ReadPages(tab.Terms.Id, author, 1, 1)
            select (long?)page.StoredMs;
        return firstMs.Min() is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
    }

    private long SumAt(IReadOnlyCollection<TabView> tabs, DateTimeOffset moment, DateTimeOffset now)
    {
        var atMs = moment.ToUnixTimeMilliseconds();
        long? below = null;
        var sum = 0L;
        foreach (var tab in tabs)
        {
            if (Remembered(tab.Terms.Id, atMs) is { } before)
            {
                sum += before;
                continue;
            }
            below ??= node.Store.FindSequence(atMs + 1);
            var units = BalanceBelow(tab, below.Value);
            sum += units;
            if (now - moment > Settled)
                Remember(tab.Terms.Id, atMs, units);
        }
        return sum;
    }

    // The newest page tells its author's totals exactly, and the other's as far as the author had seen them.
    private long BalanceBelow(TabView tab, long sequence)
    {
        var pages = node.Store.ReadNewestPages([tab.Terms.Id], sequence, PagesToLookAt)
            .Select(stored => stored.Page.Page)
            .ToList();
        if (pages.Count == 0)
            return 0;
        var newest = pages[0];
        var unseen = pages.Find(page => page.Author != newest.Author && page.Number > newest.Seen.Number);
        var debt = newest.Totals.Given - (unseen?.Totals.Given ?? newest.Totals.Taken);
        return newest.Author == tab.Me ? -debt : debt;
    }

    private long? Remembered(TabId tab, long atMs)
    {
        lock (gate)
            return known.TryGetValue((tab, atMs), out var units) ? units : null;
    }

    private void Remember(TabId tab, long atMs, long units)
    {
        lock (gate)
        {
            if (known.Count >= MostRemembered)
                known.Clear();
            known[(tab, atMs)] = units;
        }
    }
}
