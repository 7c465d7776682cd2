using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>What one transaction writes. Several writes of one tab cost one write of its totals.</summary>
/// <param name="book">The connection that writes.</param>
/// <param name="intents">Writes the intents.</param>
/// <param name="ends">Where tabs ended after the last commit; this node alone writes its book.</param>
/// <param name="nowMs">Stamps what is stored.</param>
internal sealed class BookTransaction(
    SqliteConnection book, IntentChanges intents, Dictionary<TabId, TabEnds> ends, long nowMs)
{
    private readonly Dictionary<TabId, TabProgress> tabs = [];

    public void Write(IReadOnlyList<TabCommit> commits)
    {
        foreach (var commit in commits)
            Write(commit);
        foreach (var tab in tabs.Values)
            tab.Finish(book);
    }

    /// <summary>What was written is durable.</summary>
    public void KeepEnds()
    {
        foreach (var tab in tabs.Values)
            ends[tab.Id] = new TabEnds(tab.Row, tab.Me, tab.Newest, tab.Heads[0], tab.Heads[1]);
    }

    private void Write(TabCommit commit)
    {
        var (write, me) = (commit.Write, commit.Me);
        var tab = Progress(commit);
        tab.After = write.After;
        if (write.Hello is { } hello)
            HelloRows.Add(book, tab.Row, hello);
        // What begins to wait goes first: a page of the same write may fulfil it.
        var waiting = write.Intents
            .Where(change => change is { State: IntentWaiting, Intent: not null })
            .Select(change => change.Intent!);
        if (write.TruncateOwnAfter is { } last)
        {
            CutOwnTail(tab, me, last);
            intents.WriteWaitingFirst(tab.Row, [.. waiting]);
        }
        else
        {
            intents.WriteWaiting(tab.Row, waiting);
        }
        if (write.Reset is { } reset)
            Append(tab, reset);
        foreach (var page in write.Pages)
            Append(tab, me, page);
        foreach (var change in write.Intents)
        {
            if (change.State is not IntentWaiting)
                intents.Write(tab.Row, change);
        }
    }

    private TabProgress Progress(TabCommit commit)
    {
        if (tabs.TryGetValue(commit.Tab.Id, out var known))
            return known;
        var progress = ends.TryGetValue(commit.Tab.Id, out var last) && last.Me == commit.Me
            ? new TabProgress(commit.Tab.Id, last.Row)
            {
                Me = commit.Me,
                Before = commit.Write.Before,
                After = commit.Write.After,
                Newest = last.Newest,
                Heads = [last.Zero, last.One],
            }
            : Read(commit);
        tabs.Add(commit.Tab.Id, progress);
        return progress;
    }

    private TabProgress Read(TabCommit commit)
    {
        var row = TabRows.Find(book, commit.Tab.Id, commit.Me);
        var progress = new TabProgress(commit.Tab.Id, row ?? TabRows.Add(book, commit.Tab, commit.Me))
        {
            Me = commit.Me,
            // A tab that is new to the book has no rows yet, whatever the step believes to be stored.
            Before = row is null ? null : commit.Write.Before,
            After = commit.Write.After,
        };
        progress.Newest = ResetRows.FindNewest(book, progress.Row);
        progress.Heads[(int)Party.Zero] = HeadOf(progress, Party.Zero);
        progress.Heads[(int)Party.One] = HeadOf(progress, Party.One);
        return progress;
    }

    // What becomes of the intents on the dropped pages, the step says; until then they are on no page.
    private void CutOwnTail(TabProgress tab, Party me, long last)
    {
        intents.ForgetDone(tab.Row, last, PageRows.From(book, tab.Id, me, last + 1, int.MaxValue));
        SettlementRows.DeleteAfter(book, tab.Row, me, last);
        PageRows.DeleteAfter(book, tab.Row, me, last);
        tab.Heads[(int)me] = HeadOf(tab, me);
    }

    // Where a chain goes on: after its newest page, or after the newest reset when no page was written since.
    private Head HeadOf(TabProgress tab, Party party)
    {
        var page = PageRows.Head(book, tab.Row, tab.Id, party);
        return tab.Newest?.HeadOf(party) is { } begins && begins.Number > page.Number ? begins : page;
    }

    private void Append(TabProgress tab, AgreedReset agreed)
    {
        var (reset, before) = (agreed.Reset, tab.Newest?.Era ?? Head.Empty(tab.Id));
        if (reset.Tab != tab.Id || reset.Era != before.Number + 1 || reset.Previous != before.Hash
            || reset.Zero.Kept != tab.Heads[(int)Party.Zero] || reset.One.Kept != tab.Heads[(int)Party.One])
        {
            throw new StoreConflictException(
                $"Reset {reset.Era} of tab {tab.Id} does not follow reset {before.Number} and the pages stored.");
        }
        if (agreed.SignatureOfZero.Length != SignedPage.SignatureSize
            || agreed.SignatureOfOne.Length != SignedPage.SignatureSize)
        {
            throw new StoreConflictException($"Reset {reset.Era} of tab {tab.Id} is not signed by both.");
        }
        ResetRows.Append(book, tab.Row, agreed, nowMs);
        tab.Newest = new ResetRows.Newest(agreed.Content.Head, reset.Zero.First, reset.One.First);
        tab.Heads[(int)Party.Zero] = tab.Newest.Value.HeadOf(Party.Zero);
        tab.Heads[(int)Party.One] = tab.Newest.Value.HeadOf(Party.One);
    }

    private void Append(TabProgress tab, Party me, PageToStore stored)
    {
        var page = stored.Content.Page;
        var head = tab.Heads[(int)page.Author];
        if (page.Tab != tab.Id || page.Number != head.Number + 1 || page.Previous != head.Hash)
        {
            throw new StoreConflictException(
                $"Page {page.Number} of party {page.Author} does not follow page {head.Number} of tab {tab.Id}.");
        }
        if (stored.Signature.Length != SignedPage.SignatureSize)
            throw new StoreConflictException($"Page {page.Number} of tab {tab.Id} is not signed.");
        PageRows.Append(book, tab.Row, stored.Content, stored.Signature.Span, nowMs);
        SettlementRows.Append(book, tab.Row, page);
        tab.Heads[(int)page.Author] = stored.Content.Head;
        if (page.Author == me)
            intents.WriteDone(tab.Row, page, stored.IsReturned);
    }

    private sealed class TabProgress(TabId id, long row)
    {
        public TabId Id => id;

        public long Row => row;

        public required Party Me { get; init; }

        public required TabSnapshot? Before { get; init; }

        public required TabSnapshot After { get; set; }

        public ResetRows.Newest? Newest { get; set; }

        public Head[] Heads { get; init; } = new Head[2];

        public void Finish(SqliteConnection book)
        {
            foreach (var party in (ReadOnlySpan<Party>)[Party.Zero, Party.One])
            {
                var (stated, stored) = (After.Mine.Of(party).Head, Heads[(int)party]);
                if (stated != stored)
                {
                    throw new StoreConflictException(
                        $"The totals of tab {id} end at page {stated.Number} of party {party}, "
                + $"its pages at {stored.Number}.");
                }
            }
            TabRows.Write(book, row, Before, After);
        }
    }
}
