namespace Tallystick.Core.Discovery;

/// <summary>A name of the DNS as its labels, the outermost last; two are equal in any case of ASCII letters.</summary>
public sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>The longest label, in bytes of UTF-8.</summary>
    public const int MaxLabelBytes = 63;

    /// <summary>The longest name, in bytes as it is written.</summary>
    public const int MaxBytes = 255;

    private readonly string[] labels;

    /// <summary>Takes labels of 1 to 63 bytes of UTF-8 each.</summary>
    public DnsName(params IEnumerable<string> labels) => this.labels = [.. labels];

    /// <summary>The labels.</summary>
    public IReadOnlyList<string> Labels => labels;

    /// <summary>This name below another.</summary>
    public DnsName In(DnsName parent) => new([.. labels, .. parent.labels]);

    /// <summary>Whether this name is one label more than <paramref name="parent"/>.</summary>
    public bool IsChildOf(DnsName parent) => labels.Length == parent.labels.Length + 1
        && labels.AsSpan(1).SequenceEqual(parent.labels, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public bool Equals(DnsName? other) =>
        other is not null && labels.AsSpan().SequenceEqual(other.labels, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var code = default(HashCode);
        foreach (var label in labels)
            code.Add(label, StringComparer.OrdinalIgnoreCase);
        return code.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('.', labels);
}
