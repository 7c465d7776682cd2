using System.Collections.Immutable;
using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;

namespace Tallystick.Core.Tabs;

/// <summary>What a view knows of one party.</summary>
public readonly record struct PartyFold
{
    /// <summary>The newest page of this party in the view.</summary>
    public required Head Head { get; init; }

    /// <summary>The newest page of the other party that this party's newest page names as seen.</summary>
    public required Head Seen { get; init; }

    /// <summary>The newest page with lines, or 0.</summary>
    public long LastPageWithLines { get; init; }

    /// <summary>Payments, bookings and fulfilled holds of this party, in units.</summary>
    public long Given { get; init; }

    /// <summary>Open holds of this party, in units.</summary>
    public long Held { get; init; }

    /// <summary>The most that the other party may owe this one.</summary>
    public CreditLimit Limit { get; init; }

    /// <summary>Whether a Limit line was ever written.</summary>
    public bool HasLimit { get; init; }

    /// <summary>
    /// The newest version of the line kinds that this party said it understands; 1 before it says so.
    /// </summary>
    public int Version { get; init; }

    /// <summary>Every settlement line of this party up to this page that is no longer recorded is closed.</summary>
    public long SettlementsForgottenTo { get; init; }

    /// <summary>Every Hold line of this party up to this page that is no longer recorded is answered.</summary>
    public long HoldsForgottenTo { get; init; }
}

/// <summary>Names a settlement or a hold in a fold: its creator and its first line in the creator's chain.</summary>
public readonly record struct ObjectKey(Party Creator, Ref Ref) : IComparable<ObjectKey>
{
    /// <inheritdoc/>
    public int CompareTo(ObjectKey other) =>
        Creator != other.Creator ? Creator.CompareTo(other.Creator) : Ref.CompareTo(other.Ref);

    public static bool operator <(ObjectKey left, ObjectKey right) => left.CompareTo(right) < 0;
    public static bool operator >(ObjectKey left, ObjectKey right) => left.CompareTo(right) > 0;
    public static bool operator <=(ObjectKey left, ObjectKey right) => left.CompareTo(right) <= 0;
    public static bool operator >=(ObjectKey left, ObjectKey right) => left.CompareTo(right) >= 0;
}

/// <summary>The state of a tab in one view: a pure function of the two chain prefixes that the view holds.</summary>
/// <remarks>Immutable. Pages are applied by a <c>FoldDraft</c>, which judges nothing.</remarks>
public sealed record Fold
{
    /// <summary>The tab.</summary>
    public required TabId Tab { get; init; }

    /// <summary>The party with the smaller key.</summary>
    public required PartyFold Zero { get; init; }

    /// <summary>The party with the larger key.</summary>
    public required PartyFold One { get; init; }

    /// <summary>Open settlements, and closed ones that a line on its way may still name.</summary>
    public ImmutableSortedDictionary<ObjectKey, Settlement> Settlements { get; init; } =
        ImmutableSortedDictionary<ObjectKey, Settlement>.Empty;

    /// <summary>Open holds, and answered ones that a line on its way may still name.</summary>
    public ImmutableSortedDictionary<ObjectKey, Hold> Holds { get; init; } =
        ImmutableSortedDictionary<ObjectKey, Hold>.Empty;

    /// <summary>The exclusive or of the hashes of every open settlement and open hold.</summary>
    public Hash OpenObjects { get; init; }

    /// <summary>The fold of a tab without pages.</summary>
    public static Fold Empty(TabId tab)
    {
        var party = new PartyFold { Head = Head.Empty(tab), Seen = Head.Empty(tab), Version = 1 };
        return new Fold { Tab = tab, Zero = party, One = party };
    }

    /// <summary>What the view knows of <paramref name="party"/>.</summary>
    public PartyFold Of(Party party) => party == Party.Zero ? Zero : One;

    /// <summary>Debt of <paramref name="party"/> to the other, in units; negative when the other owes.</summary>
    public long DebtOf(Party party) => Of(party).Given - Of(party.Other()).Given;

    /// <summary>The debt if every open hold of <paramref name="party"/> is fulfilled, in units.</summary>
    public long WorstCaseDebtOf(Party party) => DebtOf(party) + Of(party).Held;

    /// <summary>The totals that a page of <paramref name="author"/> states.</summary>
    public Totals TotalsFor(Party author)
    {
        var (me, peer) = (Of(author), Of(author.Other()));
        return new Totals(me.Given, peer.Given, me.Held, peer.Held);
    }
}
