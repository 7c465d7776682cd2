using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Scenarios;

namespace Tallystick.Core.Tests.Properties;

/// <summary>
/// Two chains that grew from a list of numbers, each of which says who writes which line next and how much of the
/// other chain it admits to have seen. Lines that no rule allows are offered too, and must be refused by everybody.
/// </summary>
internal sealed class History
{
    /// <summary>A number of this many bits is one line.</summary>
    public const int MoveBits = 20;

    private readonly Dictionary<Hash, Hash> secrets = [];
    private readonly List<Line> lines = [];
    private Party author;
    private long seen;
    private FoldDraft view = null!;

    public History(IReadOnlyList<int> moves)
    {
        // Where nothing may be owed, what is still booked is booked by consent, and the bounds are tight.
        var limit = CreditLimit.FromUnits(moves.Count > 0 && (moves[0] & 1) == 0 ? 0 : 60);
        Chains.Write(Party.Zero, 0, new LimitLine(Chains.NextRequest(), limit));
        Chains.Write(Party.One, 0, new LimitLine(Chains.NextRequest(), limit));
        foreach (var move in moves)
            Play(move);
        Finish();
    }

    public TwoChains Chains { get; } = new();

    /// <summary>How often which line was judged how; null is valid.</summary>
    public Dictionary<(string Line, string? Refusal), int> Verdicts { get; } = [];

    /// <summary>Refused pages by the rule's name: what the numbers have tried in vain.</summary>
    public Dictionary<string, int> RefusedBy { get; } = [];

    private long NextNumber => Chains.Of(author).Count + 1;

    private void Play(int move)
    {
        var who = (Party)(move & 1);
        var kind = move >> 1 & 15;
        var pick = move >> 5 & 15;
        var units = (move >> 9 & 31) + 1;
        var lag = move >> 14 & 7;
        var onSamePage = (move >> 17 & 3) == 0;
        if (lines.Count == 0 || who != author || !onSamePage)
            Begin(who, lag < 4 ? 0 : lag - 3);
        if (kind == 15)
        {
            Finish();
            Begin(who, 0);
            Offer();
            return;
        }
        var line = LineOf(kind, pick, units);
        var refusal = Rules.Judge(view, author, line)?.Why.Name;
        AssertOracleAgrees(line, refusal);
        if (refusal is null)
        {
            view.Apply(author, new Ref(NextNumber, lines.Count), line);
            lines.Add(line);
        }
        else if (move >> 19 == 1)
        {
            lines.Add(line);
            Offer();
        }
    }

    private void AssertOracleAgrees(Line line, string? refusal)
    {
        var mine = Placed(author, NextNumber - 1).Concat(lines.Select((own, i) => (new Ref(NextNumber, i), own)));
        var oracle = new Oracle([.. mine], [.. Placed(author.Other(), seen)]).Verdict(line);
        Assert.True(Oracle.Agree(oracle, refusal), $"{line}: the table says {oracle}, the rules say {refusal}");
        Verdicts[(line.GetType().Name, refusal)] = Verdicts.GetValueOrDefault((line.GetType().Name, refusal)) + 1;
    }

    private IEnumerable<(Ref At, Line Line)> Placed(Party party, long pages) =>
        Chains.Of(party).Take((int)pages).SelectMany(page =>
            page.Page.Lines.Select((line, i) => (new Ref(page.Page.Number, i), line)));

    private void Begin(Party who, int lag)
    {
        Finish();
        author = who;
        seen = Math.Max(Chains.SeenBy(who), Chains.Of(who.Other()).Count - lag);
        view = new FoldDraft(Chains.ViewFor(who, seen));
    }

    private void Finish()
    {
        if (lines.Count == 0)
            return;
        Assert.Null(Chains.Write(author, seen, lines));
        lines.Clear();
    }

    // A page that may well be refused, and then by everybody alike.
    private void Offer()
    {
        if (Chains.Write(author, seen, lines) is { } refusal)
            RefusedBy[refusal.Why.Name] = RefusedBy.GetValueOrDefault(refusal.Why.Name) + 1;
        lines.Clear();
    }

    private Line LineOf(int kind, int pick, long units)
    {
        var id = Chains.NextRequest();
        var amount = Amount.FromUnits(units);
        return kind switch
        {
            <= 2 => new PayLine(id, amount, string.Empty),
            3 => new LimitLine(id, pick == 0 ? CreditLimit.None : CreditLimit.FromUnits(pick % 2 * 4 * (units - 1))),
            4 => new ProposeLine(id, true, amount, "cash", string.Empty),
            5 => new ProposeLine(id, false, amount, "cash", string.Empty),
            6 => new ModifyLine(id, Pick(author, pick, typeof(ProposeLine)), amount, "bank", string.Empty),
            7 => new WithdrawLine(id, Pick(author, pick, typeof(ProposeLine))),
            8 or 9 => new AcceptLine(id, Pick(author.Other(), pick, typeof(ProposeLine), typeof(ModifyLine))),
            10 => new DisputeLine(id, Pick(author.Other(), pick, typeof(ProposeLine), typeof(ModifyLine)), "no"),
            11 => new ReceivedLine(id, Pick(author, pick, typeof(ProposeLine), typeof(ModifyLine))),
            12 => HoldOf(id, amount, pick),
            13 when pick < 10 => FulfilOf(id, Pick(author.Other(), pick, typeof(HoldLine))),
            13 => new ReleaseLine(id, Pick(author.Other(), pick, typeof(HoldLine)), string.Empty),
            _ => new VersionLine(id, 1 + pick % 3),
        };
    }

    private HoldLine HoldOf(RequestId id, Amount amount, int pick)
    {
        Hash[] preimages = [Hash.Of(id.ToArray()), Hash.Of([1, .. id.ToArray()])];
        var locks = preimages.Take(1 + pick % 2).Select(preimage =>
        {
            var key = Hash.Of(preimage.ToArray());
            secrets[key] = preimage;
            return key;
        });
        return new HoldLine(id, amount, [.. locks], [], 0);
    }

    private FulfilLine FulfilOf(RequestId id, Ref at)
    {
        var hold = view.Holds.GetValueOrDefault(new ObjectKey(author.Other(), at));
        return new FulfilLine(id, at, hold is null ? [] : [.. hold.Locks.Select(key => secrets[key])]);
    }

    // One of the newest lines of these kinds in a chain, seen or not, closed or not.
    private Ref Pick(Party owner, int pick, params Type[] kinds)
    {
        var places = new List<Ref>();
        foreach (var page in Chains.Of(owner).Reverse())
        {
            for (var i = page.Page.Lines.Length - 1; i >= 0; i--)
            {
                if (kinds.Contains(page.Page.Lines[i].GetType()))
                    places.Add(new Ref(page.Page.Number, i));
            }
        }
        return places.Count == 0 ? new Ref(1, 0) : places[Math.Min(pick / 3, places.Count - 1)];
    }
}
