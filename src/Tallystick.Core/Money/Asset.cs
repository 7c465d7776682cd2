namespace Tallystick.Core.Money;

/// <summary>What a tab counts: a code of 1 to 12 of <c>[A-Za-z0-9.]</c> and a scale of 0 to 9 decimals.</summary>
public sealed record Asset
{
    /// <summary>The longest code.</summary>
    public const int MaxCodeLength = 12;

    /// <summary>The largest scale.</summary>
    public const int MaxScale = 9;

    private Asset(string code, int scale) => (Code, Scale) = (code, scale);

    /// <summary>The asset that a tab counts unless told otherwise: credits with 2 decimals.</summary>
    public static Asset Credits { get; } = new("credits", 2);

    /// <summary>The code, case kept.</summary>
    public string Code { get; }

    /// <summary>How many decimals people see: one whole is 10^scale units.</summary>
    public int Scale { get; }

    /// <summary>Makes an asset; false when the code or the scale is out of bounds.</summary>
    public static bool TryCreate(
        string code, int scale, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Asset? asset)
    {
        asset = code is { Length: >= 1 and <= MaxCodeLength }
            && scale is >= 0 and <= MaxScale
            && code.All(c => char.IsAsciiLetterOrDigit(c) || c == '.')
                ? new Asset(code, scale)
                : null;
        return asset is not null;
    }

    /// <summary>Reads <c>EUR/2</c>; without a scale the asset is <c>credits/2</c>'s scale of 2.</summary>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Asset? asset)
    {
        asset = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            return TryCreate(text, 2, out asset);
        var scale = text.AsSpan(slash + 1);
        return scale.Length == 1 && char.IsAsciiDigit(scale[0]) && TryCreate(text[..slash], scale[0] - '0', out asset);
    }

    /// <summary>The form <c>code/scale</c>.</summary>
    public override string ToString() => $"{Code}/{Scale}";
}
