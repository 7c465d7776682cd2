namespace Tallystick.Exhaustive;

/// <summary>How far to go. Pages and lines are counted over both chains, beyond the opening pages.</summary>
/// <param name="Pages">The most pages of both chains together.</param>
/// <param name="Lines">The most lines of both chains together.</param>
internal sealed record Bounds(int Pages, int Lines)
{
    /// <summary>How many threads explore.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Every view is asked of the oracle if this is 1, every second one if it is 2, and so on. Also how often a page
    /// that only offers a refused line is encoded, decoded and judged whole.
    /// </summary>
    public int SampleEvery { get; init; } = 1;

    /// <summary>Whether pairs that differ only in names are visited once; see <see cref="Reduction"/>.</summary>
    public bool IsReduced { get; init; } = true;

    /// <summary>The opening pages to begin with.</summary>
    public IReadOnlyList<Opening> Openings { get; init; } = [Opening.Limits, Opening.Empty];

    /// <summary>The exploration stops when so many violations were found.</summary>
    public int MostViolations { get; init; } = 10;

    /// <summary>Only violations of this law are looked for; null for all.</summary>
    public string? OnlyLaw { get; init; }
}

/// <summary>The pages that both chains begin with.</summary>
internal enum Opening
{
    /// <summary>No pages.</summary>
    Empty,

    /// <summary>Each party wrote one page with a limit of 2 and had seen nothing.</summary>
    Limits,
}
