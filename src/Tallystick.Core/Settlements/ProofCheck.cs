using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Settlements;

/// <summary>
/// Judges the lines of one settlement on signed pages, each in the view that its page names, as far as a view without
/// the rest of the tab goes; and that the pages follow those before them, in hash and in totals.
/// </summary>
internal sealed class ProofCheck(SettlementFile file)
{
    private readonly Party proposer = file.Settlement.Creator;
    private readonly List<Ref> revisions = [];
    private readonly Dictionary<(Party, long), SignedPage> pages =
        file.Pages.ToDictionary(page => (page.Page.Author, page.Page.Number));
    private long booked;
    private bool proposerPays;
    private long withdrawnOnPage;
    private (Ref Revision, bool Accepted)? lastAnswer;

    public List<TrailLine> Lines { get; } = [];

    public Page? Booking { get; private set; }

    public List<Page> Unlinked { get; } = [];

    private Party Receiver => proposerPays ? proposer.Other() : proposer;

    /// <summary>The first thing that is wrong, one sentence, or null.</summary>
    public string? Run()
    {
        foreach (var page in InOrder())
        {
            if (WrongLink(page) is { } link)
                return link;
            var before = Lines.Count;
            var bookedHere = Booking;
            for (var at = 0; at < page.Page.Lines.Length; at++)
            {
                if (WrongLine(page.Page, new Ref(page.Page.Number, at), page.Page.Lines[at]) is { } wrong)
                    return $"{SettlementProof.NameOf(page.Page)}, line {at}: {wrong}";
            }
            if (Lines.Count > before && WrongStart(page, books: Booking != bookedHere) is { } start)
                return start;
        }
        if (Lines.Count > 0)
            return null;
        return "The line that proposed the settlement is not there.";
    }

    // A page comes after every page here that its author had seen, which no pages that name each other can do.
    private IEnumerable<SignedPage> InOrder()
    {
        var chains = new[] { Chain(Party.Zero), Chain(Party.One) };
        int[] at = [0, 0];
        while (at[0] < chains[0].Count || at[1] < chains[1].Count)
        {
            var next = Enumerable.Range(0, 2).FirstOrDefault(side => at[side] < chains[side].Count && IsNext(side), -1);
            // Neither can be first: then the older number is, and judging it finds what is wrong.
            if (next < 0)
                next = at[0] < chains[0].Count ? 0 : 1;
            yield return chains[next][at[next]++];
        }

        bool IsNext(int side) => at[1 - side] >= chains[1 - side].Count
            || chains[1 - side][at[1 - side]].Page.Number > chains[side][at[side]].Page.Seen.Number;
    }

    private List<SignedPage> Chain(Party author) =>
        [.. file.Pages.Where(page => page.Page.Author == author).OrderBy(page => page.Page.Number)];

    private string? WrongLink(SignedPage page)
    {
        var name = SettlementProof.NameOf(page.Page);
        if (pages.TryGetValue((page.Page.Author, page.Page.Number - 1), out var before)
            && (before.Hash != page.Page.Previous || before.Page.Seen.Number > page.Page.Seen.Number))
        {
            return $"{name} does not follow the page before it.";
        }
        return pages.TryGetValue((page.Page.Author.Other(), page.Page.Seen.Number), out var seen)
            && seen.Hash != page.Page.Seen.Hash
                ? $"{name} has seen another page {page.Page.Seen.Number}."
                : null;
    }

    // The page before states what its author had given until then, and no page lowers that.
    private string? WrongStart(SignedPage page, bool books)
    {
        if (page.Page.Number == 1)
            return page.Page.Previous == page.Page.Tab.Hash ? null : "Page 1 does not begin its chain.";
        if (!pages.TryGetValue((page.Page.Author, page.Page.Number - 1), out var before))
        {
            Unlinked.Add(page.Page);
            return null;
        }
        var given = page.Page.Lines.OfType<PayLine>().Sum(pay => pay.Amount.Units) + (books ? booked : 0);
        var stated = page.Page.Totals.Given - before.Page.Totals.Given;
        var mayHoldMore = before.Page.Totals.Held > 0
            || page.Page.Lines.Count(line => line is AcceptLine or ReceivedLine) > (books ? 1 : 0);
        return stated == given || mayHoldMore && stated > given
            ? null
            : $"{SettlementProof.NameOf(page.Page)} states totals that its lines do not give.";
    }

    private string? WrongLine(Page page, Ref at, Line line)
    {
        var author = page.Author;
        switch (line)
        {
            case ProposeLine propose when author == proposer && at == file.Settlement.Ref:
                proposerPays = propose.PayerIsMe;
                return Revise(author, at, line);
            case ModifyLine modify when author == proposer && modify.Settlement == file.Settlement.Ref:
                return WrongForProposer(page) ?? Revise(author, at, line);
            case WithdrawLine withdraw when author == proposer && withdraw.Settlement == file.Settlement.Ref:
                return WrongForProposer(page) ?? Withdraw(author, at, line);
            case AcceptLine accept when author != proposer && revisions.Contains(accept.Revision):
                return WrongAnswer(page, accept.Revision, accepts: true) ?? Answer(page, at, line, accept.Revision);
            case DisputeLine dispute when author != proposer && revisions.Contains(dispute.Revision):
                return WrongAnswer(page, dispute.Revision, accepts: false) ?? Answer(page, at, line, dispute.Revision);
            case ReceivedLine received when author == proposer && revisions.Contains(received.Revision):
                return proposerPays ? "only the receiver can say that it came."
                    : received.Revision != revisions[^1] ? "it names a revision that was replaced."
                    : WrongForProposer(page) ?? Book(page, at, line, received.Revision);
            default:
                return null;
        }
    }

    private string? WrongForProposer(Page page) =>
        revisions.Count == 0 ? "it names a settlement that was not proposed before it."
        : withdrawnOnPage != 0 || IsBookedFor(page) ? "the settlement was closed before."
        : null;

    // Whether the booking is in the view of this page.
    private bool IsBookedFor(Page page) =>
        Booking is { } by && (by.Author == page.Author || by.Number <= page.Seen.Number);

    private string? WrongAnswer(Page page, Ref revision, bool accepts)
    {
        if (revision.Page > page.Seen.Number)
            return "it answers what its author had not seen.";
        if (revisions.Exists(other => other > revision && other.Page <= page.Seen.Number))
            return "it answers a revision that was replaced.";
        if (IsBookedFor(page) || withdrawnOnPage != 0 && withdrawnOnPage <= page.Seen.Number)
            return "the settlement was closed before.";
        return lastAnswer == (revision, accepts) ? "it repeats the answer before." : null;
    }

    private string? Answer(Page page, Ref at, Line line, Ref revision)
    {
        lastAnswer = (revision, line is AcceptLine);
        return line is AcceptLine && Receiver == page.Author
            ? Book(page, at, line, revision)
            : Keep(page.Author, at, line);
    }

    private string? Book(Page page, Ref at, Line line, Ref revision)
    {
        Booking = page;
        booked = AmountOf(revision);
        return Keep(page.Author, at, line);
    }

    private string? Revise(Party author, Ref at, Line line)
    {
        revisions.Add(at);
        return Keep(author, at, line);
    }

    private string? Withdraw(Party author, Ref at, Line line)
    {
        withdrawnOnPage = at.Page;
        return Keep(author, at, line);
    }

    private string? Keep(Party author, Ref at, Line line)
    {
        Lines.Add(new TrailLine(author, at, line));
        return null;
    }

    private long AmountOf(Ref revision) =>
        Lines.First(line => line.Author == proposer && line.At == revision).Line switch
        {
            ProposeLine propose => propose.Amount.Units,
            ModifyLine modify => modify.Amount.Units,
            _ => 0,
        };
}
