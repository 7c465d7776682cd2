using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Exhaustive;

/// <summary>Totals and answers read from the lines of both chains alone, without any fold.</summary>
internal static class LineSums
{
    /// <summary>What a party has given and holds.</summary>
    public static (long Given, long Held) Of(Pair pair, Party party)
    {
        var (own, others) = (pair.LinesOf(party), pair.LinesOf(party.Other()));
        var (given, held) = (0L, 0L);
        foreach (var (at, line) in own)
        {
            switch (line)
            {
                case PayLine pay:
                    given += pay.Amount.Units;
                    break;
                case AcceptLine accept when Proposal(others, accept.Revision)!.PayerIsMe:
                    given += UnitsOf(others, accept.Revision);
                    break;
                case ReceivedLine received:
                    given += UnitsOf(own, received.Revision);
                    break;
                case HoldLine hold:
                    var (fulfilled, released) = Answers(others, at);
                    given += fulfilled > 0 ? hold.Amount.Units : 0;
                    held += fulfilled + released > 0 ? 0 : hold.Amount.Units;
                    break;
            }
        }
        return (given, held);
    }

    /// <summary>
    /// What is wrong with the bookings of a party's settlements and the answers to its holds, or null.
    /// </summary>
    public static string? Problem(Pair pair, Party proposer)
    {
        var (own, others) = (pair.LinesOf(proposer), pair.LinesOf(proposer.Other()));
        foreach (var (at, line) in own)
        {
            if (line is HoldLine && Answers(others, at) is var (fulfilled, released) && fulfilled + released > 1)
                return $"hold {at} is answered {fulfilled + released} times";
            if (line is ProposeLine propose && ProblemOf(pair, proposer, at, propose) is { } problem)
                return problem;
        }
        return null;
    }

    private static string? ProblemOf(Pair pair, Party proposer, Ref settlement, ProposeLine propose)
    {
        var (own, others) = (pair.LinesOf(proposer), pair.LinesOf(proposer.Other()));
        Ref? withdrawn = null;
        foreach (var (at, line) in own)
        {
            if (line is WithdrawLine withdraw && withdraw.Settlement == settlement)
                withdrawn ??= at;
        }
        var bookings = 0;
        foreach (var (at, line) in own)
        {
            if (line is not ReceivedLine received || First(own, received.Revision) != settlement)
                continue;
            bookings++;
            if (propose.PayerIsMe)
                return $"settlement {settlement} is booked by its payer";
            if (withdrawn is { } before && before < at)
                return $"settlement {settlement} is booked after the own withdrawal";
        }
        foreach (var (at, line) in others)
        {
            if (line is not AcceptLine accept || !propose.PayerIsMe || First(own, accept.Revision) != settlement)
                continue;
            bookings++;
            if (withdrawn is { } before && before.Page <= pair.SeenBy(proposer.Other(), (int)at.Page))
                return $"settlement {settlement} is booked after its withdrawal was seen";
        }
        return bookings > 1 ? $"settlement {settlement} is booked {bookings} times" : null;
    }

    private static (int Fulfilled, int Released) Answers(List<(Ref At, Line Line)> lines, Ref hold)
    {
        var (fulfilled, released) = (0, 0);
        foreach (var (_, line) in lines)
        {
            if (line is FulfilLine fulfil && fulfil.Hold == hold)
                fulfilled++;
            else if (line is ReleaseLine release && release.Hold == hold)
                released++;
        }
        return (fulfilled, released);
    }

    private static Line? Find(List<(Ref At, Line Line)> lines, Ref at)
    {
        foreach (var placed in lines)
        {
            if (placed.At == at)
                return placed.Line;
        }
        return null;
    }

    private static Ref? First(List<(Ref At, Line Line)> lines, Ref revision) => Find(lines, revision) switch
    {
        ProposeLine => revision,
        ModifyLine modify => modify.Settlement,
        _ => null,
    };

    private static ProposeLine? Proposal(List<(Ref At, Line Line)> lines, Ref revision) =>
        First(lines, revision) is { } first ? Find(lines, first) as ProposeLine : null;

    private static long UnitsOf(List<(Ref At, Line Line)> lines, Ref revision) => Find(lines, revision) switch
    {
        ProposeLine propose => propose.Amount.Units,
        ModifyLine modify => modify.Amount.Units,
        _ => 0,
    };
}
