using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Holds;

/// <summary>How a hold stands. Only the other party can answer it.</summary>
public enum HoldStatus
{
    /// <summary>Promised and unanswered.</summary>
    Open,

    /// <summary>Answered with the preimages: owed.</summary>
    Fulfilled,

    /// <summary>Let go: not owed.</summary>
    Released,
}

/// <summary>A hold as far as a view knows it.</summary>
public sealed record Hold
{
    /// <summary>Who promised; its chain holds the Hold line.</summary>
    public required Party Author { get; init; }

    /// <summary>The Hold line in the author's chain.</summary>
    public required Ref Ref { get; init; }

    /// <summary>Units of the tab's asset.</summary>
    public required Amount Amount { get; init; }

    /// <summary>One or two SHA-256 values.</summary>
    public required ImmutableArray<Hash> Locks { get; init; }

    /// <summary>Open, fulfilled or released.</summary>
    public HoldStatus Status { get; init; }

    /// <summary>The page of the other party's chain that answered it, or 0.</summary>
    public long AnsweredOnPage { get; init; }
}
