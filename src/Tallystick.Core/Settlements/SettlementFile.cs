using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Settlements;

/// <summary>
/// What proves a settlement to anybody: every page that carries one of its lines, and each author's page before. It is
/// not signed as a whole; each page is, by its author.
/// </summary>
public sealed record SettlementFile
{
    /// <summary>The most pages that a file holds.</summary>
    public const int MaxPages = 4_096;

    /// <summary>The smaller key of the tab.</summary>
    public required PublicKey Key0 { get; init; }

    /// <summary>The larger key of the tab.</summary>
    public required PublicKey Key1 { get; init; }

    /// <summary>What is counted.</summary>
    public required Asset Asset { get; init; }

    /// <summary>Who saved it, and whose keys were held there.</summary>
    public required SettlementFileOrigin Origin { get; init; }

    /// <summary>The settlement: its proposer and the line that proposed it.</summary>
    public required ObjectKey Settlement { get; init; }

    /// <summary>The pages, in any order.</summary>
    public required ImmutableArray<SignedPage> Pages { get; init; }
}

/// <summary>Where a file was saved.</summary>
public enum SettlementFileOrigin : byte
{
    /// <summary>On the node of the party with the smaller key.</summary>
    Zero = 0,

    /// <summary>On the node of the party with the larger key.</summary>
    One = 1,

    /// <summary>On a server that held the keys of both, so that it proves what that server did for them.</summary>
    BothKeys = 2,
}
