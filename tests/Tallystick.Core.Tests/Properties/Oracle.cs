using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;

namespace Tallystick.Core.Tests.Properties;

/// <summary>
/// The protocol's table of lines read a second time, slowly: it keeps no state, forgets nothing and looks through all
/// lines of the view for every answer. What it says and what the rules say must be the same.
/// </summary>
internal sealed class Oracle(IReadOnlyList<(Ref At, Line Line)> mine, IReadOnlyList<(Ref At, Line Line)> theirs)
{
    private const string Missing = "missing";

    /// <summary>The rule that the line breaks if it follows the view's lines, or null.</summary>
    public string? Verdict(Line line) => line switch
    {
        PayLine pay => Raise(pay.Amount),
        LimitLine or VersionLine => null,
        ProposeLine => Open(mine, theirs) >= PageBounds.MaxOpenSettlements ? "too-many-open" : null,
        ModifyLine modify => OwnOpen(modify.Settlement)
            ?? (Revisions(mine, modify.Settlement).Count >= PageBounds.MaxRevisions ? "too-many-revisions" : null),
        WithdrawLine withdraw => OwnOpen(withdraw.Settlement),
        AcceptLine accept => Answer(accept.Revision, line),
        DisputeLine dispute => Answer(dispute.Revision, line),
        ReceivedLine received => Receive(received.Revision),
        HoldLine hold => LimitOf(theirs).IsNone ? "hold-needs-limit" : Raise(hold.Amount),
        FulfilLine fulfil => HoldProblem(fulfil.Hold) ?? PreimageProblem(fulfil),
        ReleaseLine release => HoldProblem(release.Hold),
        _ => throw new ArgumentOutOfRangeException(nameof(line)),
    };

    /// <summary>Whether two answers agree; what does not exist may be called by several names.</summary>
    public static bool Agree(string? oracle, string? rules) =>
        oracle == rules
        || (oracle == Missing && rules is "unknown-ref" or "closed" or "not-yours" or "already-answered");

    private string? Raise(Amount amount)
    {
        var debt = Given(mine, theirs) - Given(theirs, mine) + Held(mine, theirs);
        var limit = LimitOf(theirs);
        return limit.IsNone || debt + amount.Units <= limit.Units ? null : "over-limit";
    }

    private string? OwnOpen(Ref settlement) =>
        !Has<ProposeLine>(mine, settlement) ? Missing : IsClosed(mine, theirs, settlement) ? "closed" : null;

    private string? Answer(Ref revision, Line answer)
    {
        if (FirstOf(theirs, revision) is not { } settlement)
            return Missing;
        if (IsClosed(theirs, mine, settlement))
            return "closed";
        if (Revisions(theirs, settlement)[^1] != revision)
            return "not-newest";
        return LastAnswer(mine, theirs, settlement) is { } last && last.GetType() == answer.GetType()
            && RevisionOf(last) == revision ? "no-change" : null;
    }

    private string? Receive(Ref revision)
    {
        if (FirstOf(mine, revision) is not { } settlement)
            return Missing;
        if (IsClosed(mine, theirs, settlement))
            return "closed";
        if (Proposal(mine, settlement).PayerIsMe)
            return "not-receiver";
        if (Revisions(mine, settlement)[^1] != revision)
            return "not-newest";
        var agreed = LastAnswer(theirs, mine, settlement) is AcceptLine accept && accept.Revision == revision;
        return agreed ? null : Raise(AmountOf(mine, revision));
    }

    private string? HoldProblem(Ref hold)
    {
        if (!Has<HoldLine>(theirs, hold))
            return Missing;
        return mine.Any(placed => AnsweredBy(placed.Line) == hold) ? "already-answered" : null;
    }

    private string? PreimageProblem(FulfilLine fulfil)
    {
        var locks = theirs.Single(placed => placed.At == fulfil.Hold).Line is HoldLine hold ? hold.Locks : [];
        return locks.SequenceEqual(fulfil.Preimages.Select(preimage => Hash.Of(preimage.ToArray())))
            ? null
            : "bad-preimage";
    }

    private static long Given(IReadOnlyList<(Ref At, Line Line)> own, IReadOnlyList<(Ref At, Line Line)> other)
    {
        var given = 0L;
        foreach (var (at, line) in own)
        {
            given += line switch
            {
                PayLine pay => pay.Amount.Units,
                AcceptLine accept when Proposal(other, FirstOf(other, accept.Revision)!.Value).PayerIsMe =>
                    AmountOf(other, accept.Revision).Units,
                ReceivedLine received => AmountOf(own, received.Revision).Units,
                HoldLine hold when other.Any(placed => placed.Line is FulfilLine fulfil && fulfil.Hold == at) =>
                    hold.Amount.Units,
                _ => 0,
            };
        }
        return given;
    }

    private static long Held(IReadOnlyList<(Ref At, Line Line)> own, IReadOnlyList<(Ref At, Line Line)> other) => own
        .Where(placed => placed.Line is HoldLine && other.All(answer => AnsweredBy(answer.Line) != placed.At))
        .Sum(placed => ((HoldLine)placed.Line).Amount.Units);

    private static Ref? AnsweredBy(Line line) =>
        line is FulfilLine fulfil ? fulfil.Hold : line is ReleaseLine release ? release.Hold : null;

    private static CreditLimit LimitOf(IReadOnlyList<(Ref At, Line Line)> chain) =>
        chain.Select(placed => placed.Line).OfType<LimitLine>().LastOrDefault()?.Limit ?? CreditLimit.Zero;

    private static bool Has<T>(IReadOnlyList<(Ref At, Line Line)> chain, Ref at) =>
        chain.Any(placed => placed.At == at && placed.Line is T);

    private static ProposeLine Proposal(IReadOnlyList<(Ref At, Line Line)> proposer, Ref settlement) =>
        (ProposeLine)proposer.Single(placed => placed.At == settlement).Line;

    private static Ref? FirstOf(IReadOnlyList<(Ref At, Line Line)> proposer, Ref revision) =>
        proposer.FirstOrDefault(placed => placed.At == revision).Line switch
        {
            ProposeLine => revision,
            ModifyLine modify => modify.Settlement,
            _ => null,
        };

    private static List<Ref> Revisions(IReadOnlyList<(Ref At, Line Line)> proposer, Ref settlement) =>
        [.. proposer.Where(placed => FirstOf(proposer, placed.At) == settlement).Select(placed => placed.At)];

    private static Amount AmountOf(IReadOnlyList<(Ref At, Line Line)> proposer, Ref revision) =>
        proposer.Single(placed => placed.At == revision).Line switch
        {
            ProposeLine propose => propose.Amount,
            ModifyLine modify => modify.Amount,
            _ => default,
        };

    private static Ref? RevisionOf(Line line) =>
        line is AcceptLine accept ? accept.Revision : line is DisputeLine dispute ? dispute.Revision : null;

    private static Line? LastAnswer(
        IReadOnlyList<(Ref At, Line Line)> answering, IReadOnlyList<(Ref At, Line Line)> proposer, Ref settlement) =>
        answering.Select(placed => placed.Line).LastOrDefault(line =>
            RevisionOf(line) is { } revision && FirstOf(proposer, revision) == settlement);

    private static bool IsClosed(
        IReadOnlyList<(Ref At, Line Line)> proposer, IReadOnlyList<(Ref At, Line Line)> other, Ref settlement)
    {
        var withdrawn = proposer.Any(placed =>
            placed.Line is WithdrawLine withdraw && withdraw.Settlement == settlement);
        var received = proposer.Any(placed =>
            placed.Line is ReceivedLine line && FirstOf(proposer, line.Revision) == settlement);
        var taken = Proposal(proposer, settlement).PayerIsMe && other.Any(placed =>
            placed.Line is AcceptLine accept && FirstOf(proposer, accept.Revision) == settlement);
        return withdrawn || received || taken;
    }

    private static int Open(IReadOnlyList<(Ref At, Line Line)> proposer, IReadOnlyList<(Ref At, Line Line)> other) =>
        proposer.Count(placed => placed.Line is ProposeLine && !IsClosed(proposer, other, placed.At));
}
