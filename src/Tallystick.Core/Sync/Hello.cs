using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Sync;

/// <summary>What makes one link different from every other: both nonces and both certificates' hashes.</summary>
/// <remarks>Both sides hold the same value; the dialler's parts stand first.</remarks>
public sealed record LinkBinding(
    Hash DiallerNonce, Hash ListenerNonce, Hash DiallerCertificate, Hash ListenerCertificate);

/// <summary>One party's signed word on where both chains of a tab stand, bound to one link.</summary>
public sealed record Hello
{
    /// <summary>The tab.</summary>
    public required TabId Tab { get; init; }

    /// <summary>What it counts: with both keys this gives the tab's id, so that an unknown tab can be opened.</summary>
    public required Asset Asset { get; init; }

    /// <summary>Who says so.</summary>
    public required Party Author { get; init; }

    /// <summary>The author's own newest page.</summary>
    public required Head Mine { get; init; }

    /// <summary>The newest page of the other party that the author has stored.</summary>
    public required Head Held { get; init; }

    /// <summary>The newest reset that the author applied: its era and hash; 0 with the tab's id for none.</summary>
    public required Head Era { get; init; }

    /// <summary>The link on which it is said.</summary>
    public required LinkBinding Link { get; init; }

    /// <summary>The author's random id of its process start.</summary>
    public required Hash RunId { get; init; }

    /// <summary>The version of the fold that the author's software computes: 1.</summary>
    public required int FoldVersion { get; init; }
}

/// <summary>A Hello with the bytes that were hashed; its hash is the basis of pages written in its session.</summary>
/// <param name="Hello">The hello.</param>
/// <param name="Bytes">Its canonical encoding without the signature.</param>
/// <param name="Hash">The SHA-256 of <paramref name="Bytes"/>.</param>
public sealed record EncodedHello(Hello Hello, ReadOnlyMemory<byte> Bytes, Hash Hash);

/// <summary>An encoded Hello and its signature.</summary>
public sealed record SignedHello(EncodedHello Content, ReadOnlyMemory<byte> Signature)
{
    /// <summary>The hello itself.</summary>
    public Hello Hello => Content.Hello;
}
