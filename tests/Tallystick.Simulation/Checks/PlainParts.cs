using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Simulation.Checks;

/// <summary>One party of a tab, from its lines.</summary>
internal sealed class PlainParty(TabId tab)
{
    public Head Head { get; set; } = Head.Empty(tab);

    public long Seen { get; set; }

    public long Given { get; set; }

    public long Held { get; set; }

    /// <summary>The most that the last raise and the bookings since allow; null where there was no limit.</summary>
    public long? Bound { get; set; } = 0;

    /// <summary>Its limits with the pages that set them; null is none.</summary>
    public List<(long Page, long? Units)> Limits { get; } = [];

    public List<long> PagesWithLines { get; } = [];

    /// <summary>Holds of this party that the other fulfilled, with the other's pages.</summary>
    public List<(long Page, long Units)> Fulfilled { get; } = [];

    public long? LimitAt(long page)
    {
        for (var i = Limits.Count - 1; i >= 0; i--)
        {
            if (Limits[i].Page <= page)
                return Limits[i].Units;
        }
        return 0;
    }

    /// <summary>What this party knows that it has given, when it has seen the other's pages up to one.</summary>
    public long GivenInView(long seen)
    {
        var given = Given;
        for (var i = Fulfilled.Count - 1; i >= 0 && Fulfilled[i].Page > seen; i--)
            given -= Fulfilled[i].Units;
        return given;
    }

    public bool HasLinesAfter(long page, long upTo)
    {
        for (var i = PagesWithLines.Count - 1; i >= 0 && PagesWithLines[i] > page; i--)
        {
            if (PagesWithLines[i] <= upTo)
                return true;
        }
        return false;
    }
}

/// <summary>One settlement, from its lines.</summary>
internal sealed class PlainSettlement(Party proposer, Party payer)
{
    public Party Proposer => proposer;

    public Party Payer => payer;

    public List<(Ref Ref, long Units)> Revisions { get; } = [];

    /// <summary>The page of each answer, the revision that it names, and the same if it accepts.</summary>
    public List<(long Page, Ref Revision, Ref? Accepted)> Decisions { get; } = [];

    public (long Page, bool Answers)[] LastAct { get; } = new (long, bool)[2];

    public long? WithdrawnOn { get; set; }

    public (Party Author, long Page)? Booked { get; set; }

    public (long Page, Ref Revision, Ref? Accepted) DecisionAt(long page) =>
        Decisions.FindLast(decision => decision.Page <= page);
}

/// <summary>One hold, from its lines.</summary>
internal sealed class PlainHold(long units, ImmutableArray<Hash> locks)
{
    public long Units => units;

    public ImmutableArray<Hash> Locks => locks;

    public bool IsAnswered { get; set; }
}
