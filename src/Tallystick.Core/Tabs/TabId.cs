using System.Diagnostics.CodeAnalysis;
using System.Text;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;

namespace Tallystick.Core.Tabs;

/// <summary>The name of a tab: a hash of both keys and the asset, so that both sides compute it alone.</summary>
public readonly record struct TabId(Hash Hash)
{
    /// <inheritdoc/>
    public override string ToString() => Hash.ToString();
}

/// <summary>Who shares a tab and what it counts.</summary>
public sealed record TabTerms
{
    private TabTerms(PublicKey key0, PublicKey key1, Asset asset)
    {
        (Key0, Key1, Asset) = (key0, key1, asset);
        Id = ComputeId(key0, key1, asset);
    }

    /// <summary>The smaller key.</summary>
    public PublicKey Key0 { get; }

    /// <summary>The larger key.</summary>
    public PublicKey Key1 { get; }

    /// <summary>What is counted.</summary>
    public Asset Asset { get; }

    /// <summary>The tab's id.</summary>
    public TabId Id { get; }

    /// <summary>Makes the terms of two different keys in either order; false when the keys are equal.</summary>
    public static bool TryCreate(PublicKey one, PublicKey other, Asset asset, [NotNullWhen(true)] out TabTerms? terms)
    {
        terms = one == other ? null : one < other ? new TabTerms(one, other, asset) : new TabTerms(other, one, asset);
        return terms is not null;
    }

    /// <summary>The key of a party.</summary>
    public PublicKey KeyOf(Party party) => party == Party.Zero ? Key0 : Key1;

    /// <summary>The party that has <paramref name="key"/>; false when neither has.</summary>
    public bool TryPartyOf(PublicKey key, out Party party)
    {
        party = key == Key1 ? Party.One : Party.Zero;
        return key == Key0 || key == Key1;
    }

    private static TabId ComputeId(PublicKey key0, PublicKey key1, Asset asset)
    {
        var tag = "tab/1"u8;
        Span<byte> bytes = stackalloc byte[tag.Length + 2 * PublicKey.Size + 1 + Asset.MaxCodeLength + 1];
        tag.CopyTo(bytes);
        var at = tag.Length;
        key0.CopyTo(bytes[at..]);
        at += PublicKey.Size;
        key1.CopyTo(bytes[at..]);
        at += PublicKey.Size;
        bytes[at++] = (byte)asset.Code.Length;
        at += Encoding.ASCII.GetBytes(asset.Code, bytes[at..]);
        bytes[at++] = (byte)asset.Scale;
        return new TabId(Hash.Of(bytes[..at]));
    }
}
