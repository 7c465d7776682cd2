namespace Tallystick.Core.Pages;

/// <summary>Every size that a page or a line may have, in one place.</summary>
public static class PageBounds
{
    /// <summary>Lines on one page.</summary>
    public const int MaxLines = 1024;

    /// <summary>Bytes of a page without its signature.</summary>
    public const int MaxPageBytes = 128 * 1024;

    /// <summary>Page numbers stay below this.</summary>
    public const long NumberLimit = 1L << 53;

    /// <summary>UTF-8 bytes of a memo or a reason.</summary>
    public const int MaxMemoBytes = 256;

    /// <summary>UTF-8 bytes of a settlement's method or reference.</summary>
    public const int MaxReferenceBytes = 128;

    /// <summary>Bytes of a hold's data.</summary>
    public const int MaxHoldDataBytes = 2048;

    /// <summary>Open settlements per proposer.</summary>
    public const int MaxOpenSettlements = 32;

    /// <summary>Revisions of one settlement, the first included.</summary>
    public const int MaxRevisions = 32;

    /// <summary>Open holds per author.</summary>
    public const int MaxOpenHolds = 256;

    /// <summary>The largest sum of what one party has given and holds, so that every balance fits in 64 bits.</summary>
    public const long MaxGivenAndHeld = 1L << 62;

    /// <summary>Own pages with lines that the other party may not have seen yet.</summary>
    public const int WindowPages = 64;

    /// <summary>Locks of one hold; it has at least one.</summary>
    public const int MaxLocks = 2;

    /// <summary>The newest version that a Version line can state.</summary>
    public const int MaxVersion = 1_000_000;

    /// <summary>Whether both numbers are in bounds. Page 0 is, though no line stands there.</summary>
    public static bool Holds(Ref at) => at is { Page: >= 0 and < NumberLimit, Line: >= 0 and < MaxLines };
}
