using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Pages;

/// <summary>A place in a chain: the number of a page and its hash. Number 0 has the tab's id as its hash.</summary>
public readonly record struct Head(long Number, Hash Hash)
{
    /// <summary>The head of a chain without pages.</summary>
    public static Head Empty(TabId tab) => new(0, tab.Hash);
}

/// <summary>The author's totals after a page, in units; all four are 0 or more.</summary>
/// <param name="Given">What the author has given: payments, bookings, fulfilled holds.</param>
/// <param name="Taken">What the other party has given, in the author's view.</param>
/// <param name="Held">The author's open holds.</param>
/// <param name="HeldPeer">The other party's open holds, in the author's view.</param>
public readonly record struct Totals(long Given, long Taken, long Held, long HeldPeer);

/// <summary>One signed, numbered, hash-chained piece of what one party says on a tab.</summary>
public sealed record Page
{
    /// <summary>The tab it belongs to.</summary>
    public required TabId Tab { get; init; }

    /// <summary>Its author.</summary>
    public required Party Author { get; init; }

    /// <summary>Its number in the author's chain, from 1, below 2^53.</summary>
    public required long Number { get; init; }

    /// <summary>The hash of the author's page before it; the tab's id for page 1.</summary>
    public required Hash Previous { get; init; }

    /// <summary>The newest page of the other party that the author had durably stored and checked.</summary>
    public required Head Seen { get; init; }

    /// <summary>The hash of the other party's Hello of the session in which it was written.</summary>
    public required Hash Basis { get; init; }

    /// <summary>The author's clock in Unix milliseconds, 0 or more. Informational: no rule uses it.</summary>
    public required long TimeMs { get; init; }

    /// <summary>0 to 1,024 lines in order; a page without lines is a receipt.</summary>
    public required ImmutableArray<Line> Lines { get; init; }

    /// <summary>The totals of the author's view after this page.</summary>
    public required Totals Totals { get; init; }

    /// <summary>The digest of the author's view after this page.</summary>
    public required Hash StateDigest { get; init; }

    /// <summary>True for a page without lines.</summary>
    public bool IsReceipt => Lines.IsEmpty;
}

/// <summary>A page with the bytes that were hashed. The same bytes are signed, stored and sent.</summary>
/// <param name="Page">The page.</param>
/// <param name="Bytes">Its canonical encoding without the signature.</param>
/// <param name="Hash">The SHA-256 of <paramref name="Bytes"/>: what a signature covers and what names the page.</param>
public sealed record EncodedPage(Page Page, ReadOnlyMemory<byte> Bytes, Hash Hash)
{
    /// <summary>The place of this page in its author's chain.</summary>
    public Head Head => new(Page.Number, Hash);
}

/// <summary>An encoded page and one valid signature over its hash (64 bytes, IEEE P1363 form).</summary>
public sealed record SignedPage(EncodedPage Content, ReadOnlyMemory<byte> Signature)
{
    /// <summary>The length of a signature in bytes.</summary>
    public const int SignatureSize = 64;

    /// <summary>The page itself.</summary>
    public Page Page => Content.Page;

    /// <summary>The page's hash.</summary>
    public Hash Hash => Content.Hash;
}
