using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;

namespace Tallystick.Exhaustive;

/// <summary>Every line that is offered in a view, valid or not.</summary>
/// <remarks>
/// Small numbers are enough: with limits of 0, 1, 2 and none and amounts of 1 and 2 every limit rule is met, passed
/// and missed. A settlement is proposed with 2 and modified to 1, so that revisions differ. References name every
/// place in either chain where something of the kind stands, seen or not, and one where nothing stands.
/// </remarks>
internal static class Alphabet
{
    public static readonly Hash Preimage = Hash.Of("preimage"u8);
    private static readonly Hash WrongPreimage = Hash.Of("another"u8);
    private static readonly ImmutableArray<Hash> Locks = [Hash.Of(Preimage.ToArray())];
    private static readonly Amount One = Amount.FromUnits(1);
    private static readonly Amount Two = Amount.FromUnits(2);
    private static readonly Ref Nowhere = new(900, 7);

    private static readonly Line[] Free =
    [
        new PayLine(default, One, string.Empty),
        new PayLine(default, Two, string.Empty),
        new LimitLine(default, CreditLimit.None),
        new LimitLine(default, CreditLimit.Zero),
        new LimitLine(default, CreditLimit.FromUnits(1)),
        new ProposeLine(default, true, Two, string.Empty, string.Empty),
        new ProposeLine(default, false, Two, string.Empty, string.Empty),
        new HoldLine(default, One, Locks, [], 0),
        new VersionLine(default, 2),
    ];

    // Not valid anywhere: a kind of version 2, which this software does not know, and an amount of 0.
    private static readonly Line[] Never =
    [
        new UnknownLine(default, 64, [1]),
        new OutOfBoundsLine(default, (int)LineKind.Pay, [.. new byte[RequestId.Size], 0, 0]),
    ];

    /// <summary>The limit of both opening pages.</summary>
    public static LimitLine OpeningLimit { get; } = new(default, CreditLimit.FromUnits(2));

    /// <summary>Fills <paramref name="offered"/> with what can be said about these lines of both chains.</summary>
    public static void Offer(List<Line> offered, List<(Ref At, Line Line)> own, List<(Ref At, Line Line)> others)
    {
        offered.Clear();
        offered.AddRange(Free);
        offered.AddRange(Never);
        OfferAbout(offered, Nowhere, settlement: true, hold: true);
        for (var i = 0; i < own.Count; i++)
            OfferAbout(offered, own[i]);
        for (var i = 0; i < others.Count; i++)
        {
            // The same place in the other chain: the lines would be the same.
            if (!Stands(own, others[i]))
                OfferAbout(offered, others[i]);
        }
    }

    private static bool Stands(List<(Ref At, Line Line)> own, (Ref At, Line Line) other)
    {
        foreach (var (at, line) in own)
        {
            if (at == other.At && IsRevision(line) == IsRevision(other.Line)
                && line is HoldLine == other.Line is HoldLine)
                return true;
        }
        return false;
    }

    private static void OfferAbout(List<Line> offered, (Ref At, Line Line) placed) =>
        OfferAbout(offered, placed.At, IsRevision(placed.Line), placed.Line is HoldLine);

    private static bool IsRevision(Line line) => line is ProposeLine or ModifyLine;

    private static void OfferAbout(List<Line> offered, Ref at, bool settlement, bool hold)
    {
        if (settlement)
        {
            offered.Add(new ModifyLine(default, at, One, string.Empty, string.Empty));
            offered.Add(new WithdrawLine(default, at));
            offered.Add(new AcceptLine(default, at));
            offered.Add(new DisputeLine(default, at, string.Empty));
            offered.Add(new ReceivedLine(default, at));
        }
        if (hold)
        {
            offered.Add(new FulfilLine(default, at, [Preimage]));
            offered.Add(new FulfilLine(default, at, [WrongPreimage]));
            offered.Add(new ReleaseLine(default, at, string.Empty));
        }
    }
}
