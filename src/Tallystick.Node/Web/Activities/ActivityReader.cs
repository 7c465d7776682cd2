using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Node.Api;

namespace Tallystick.Node.Web.Activities;

/// <summary>
/// Reads the history through a filter. Peer and days cost nothing, however long the history is; for the rest each entry
/// is looked at, so that one page looks at so many at most and says how far it came.
/// </summary>
internal sealed class ActivityReader(NodeParts node)
{
    private const int MostShown = 50;
    private const int MostLookedAt = 20_000;

    /// <summary>One page, newest first.</summary>
    public ActivityPart Read(ActivityFilter filter, HistoryCursor? before)
    {
        var entries = new List<HistoryEntry>();
        var lookedAt = 0;
        foreach (var (entry, after) in Entries(filter, before))
        {
            if (filter.Fits(entry))
                entries.Add(entry);
            if (entries.Count == MostShown || ++lookedAt == MostLookedAt)
                return new ActivityPart(entries, after, entries.Count == MostShown ? null : entry.Time);
        }
        return new ActivityPart(entries, Next: null, LookedBackTo: null);
    }

    /// <summary>Every entry of those days with that peer, newest first, and where what is older begins.</summary>
    public IEnumerable<(HistoryEntry Entry, HistoryCursor After)> Entries(ActivityFilter filter, HistoryCursor? before)
    {
        var peer = filter.Peer is null ? null : node.Book.Find(filter.Peer);
        if (filter.Peer is not null && peer is null)
            yield break;
        var tabs = node.TabsOf(peer).ToDictionary(pair => pair.Tab.Terms.Id, pair => (pair.Peer.Name, pair.Tab));
        foreach (var found in new HistoryReader(node, tabs).NewestFirst(before ?? Start(filter)))
        {
            // What is still queued has yet to happen; it was asked whenever it was, and stands before all else.
            if (found.Entry.Time < filter.FirstMoment && found.Entry.State != PaymentStates.Queued)
                yield break;
            yield return found;
        }
    }

    private HistoryCursor Start(ActivityFilter filter)
    {
        if (filter.EndMoment is not { } end || end > node.Time.GetUtcNow())
            return HistoryCursor.Newest;
        var endMs = end.ToUnixTimeMilliseconds();
        return new HistoryCursor(node.Store.FindSequence(endMs), 0, endMs, default(RequestId));
    }
}

/// <summary>A page of the history.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="Next">Where what is older begins, or null when there is nothing.</param>
/// <param name="LookedBackTo">How far was looked when not all of it could be, or null.</param>
internal sealed record ActivityPart(
    IReadOnlyList<HistoryEntry> Entries, HistoryCursor? Next, DateTimeOffset? LookedBackTo);
