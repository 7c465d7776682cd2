using System.Collections.Immutable;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Settlements;

/// <summary>One version of what a settlement's proposer says was paid.</summary>
/// <param name="Ref">The Propose or Modify line, in the proposer's chain.</param>
/// <param name="Amount">Units of the tab's asset.</param>
/// <param name="Method">How it was paid.</param>
/// <param name="Reference">Where to find it.</param>
public sealed record Revision(Ref Ref, Amount Amount, string Method, string Reference);

/// <summary>What the other party last answered, and to which revision.</summary>
public readonly record struct Decision(bool Accepted, Ref Revision);

/// <summary>
/// A settlement as far as a view knows it. Every field has one writer, so the merge order cannot matter.
/// </summary>
public sealed record Settlement
{
    /// <summary>Who proposed it; its chain holds the revisions.</summary>
    public required Party Proposer { get; init; }

    /// <summary>Who paid outside.</summary>
    public required Party Payer { get; init; }

    /// <summary>The revisions, oldest first, never empty. Written by the proposer.</summary>
    public required ImmutableArray<Revision> Revisions { get; init; }

    /// <summary>The page on which the proposer withdrew it, or 0. Written by the proposer.</summary>
    public long WithdrawnOnPage { get; init; }

    /// <summary>The last Accept or Dispute. Written by the other party.</summary>
    public Decision? Decision { get; init; }

    /// <summary>
    /// Whether the other party ever accepted the revision that <see cref="Decision"/> or an earlier one named.
    /// </summary>
    /// <remarks>Needed for the consent that the payer has given; see <c>Exposure</c>.</remarks>
    public Ref? LastAccepted { get; init; }

    /// <summary>The revision that the receiver booked, or null. Written by the receiver.</summary>
    public Ref? Booked { get; init; }

    /// <summary>The page of the receiver's chain that booked it, or 0.</summary>
    public long BookedOnPage { get; init; }

    /// <summary>The Propose line: the name of the settlement in the proposer's chain.</summary>
    public Ref Ref => Revisions[0].Ref;

    /// <summary>The revision that an answer must name.</summary>
    public Revision Newest => Revisions[^1];

    /// <summary>Who got the money outside, and whose line books it.</summary>
    public Party Receiver => Payer.Other();

    /// <summary>Booked or withdrawn in the view.</summary>
    public bool IsClosed => Booked is not null || WithdrawnOnPage != 0;

    /// <summary>The revision named by <paramref name="revision"/>, or null.</summary>
    public Revision? Find(Ref revision)
    {
        foreach (var candidate in Revisions)
        {
            if (candidate.Ref == revision)
                return candidate;
        }
        return null;
    }
}
