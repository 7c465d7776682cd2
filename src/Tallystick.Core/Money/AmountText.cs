using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Tallystick.Core.Pages;

namespace Tallystick.Core.Money;

/// <summary>Amounts as people write and read them: exact in both directions, never rounded.</summary>
public static class AmountText
{
    // So that a long text is never echoed in full.
    private const int MaxEcho = 40;

    private static readonly SearchValues<char> Plain = SearchValues.Create("0123456789.");

    /// <summary>Reads an amount such as <c>10</c>, <c>10.5</c>, <c>+10</c> or <c>010.50</c>.</summary>
    /// <param name="text">What was typed; blanks around it are ignored.</param>
    /// <param name="asset">What is counted: its scale is the most decimals.</param>
    /// <param name="amount">The amount, in the asset's smallest unit.</param>
    /// <param name="why">One sentence for the person when it is refused.</param>
    public static bool TryParse(string text, Asset asset, out Amount amount, [NotNullWhen(false)] out string? why)
    {
        amount = default;
        why = Read(text.AsSpan().Trim(' '), asset, out var units);
        if (why is null && !Amount.TryCreate(units, out amount))
            why = units == 0 ? "The amount must be more than 0." : TooLarge(asset);
        return why is null;
    }

    /// <summary>All decimals, a <c>-</c> when negative: <c>10.00</c>, <c>-0.05</c>.</summary>
    /// <param name="units">Units of the asset, any 64-bit value.</param>
    public static string Format(long units, Asset asset) =>
        (units < 0 ? "-" : string.Empty) + Magnitude(units, asset);

    /// <summary>As <see cref="Format"/>, with a <c>+</c> when positive; 0 has no sign.</summary>
    public static string FormatSigned(long units, Asset asset) =>
        (units > 0 ? "+" : string.Empty) + Format(units, asset);

    /// <summary>An amount with the name of its asset: <c>10.00 credits</c>.</summary>
    public static string FormatWithCode(long units, Asset asset) => $"{Format(units, asset)} {asset.Code}";

    private static string Magnitude(long units, Asset asset)
    {
        // As unsigned, because the magnitude of the smallest long does not fit a long.
        var magnitude = units < 0 ? 0 - (ulong)units : (ulong)units;
        var digits = magnitude.ToString(CultureInfo.InvariantCulture).PadLeft(asset.Scale + 1, '0');
        return asset.Scale == 0 ? digits : $"{digits[..^asset.Scale]}.{digits[^asset.Scale..]}";
    }

    private static string? Read(ReadOnlySpan<char> text, Asset asset, out long units)
    {
        units = 0;
        if (text.IsEmpty)
            return "Say an amount, for example 10 or 10.50.";
        var number = text[0] is '+' or '-' ? text[1..] : text;
        if (WhyNotPlain(text, number) is { } why)
            return why;
        if (text[0] == '-')
            return "The amount cannot be negative.";

        var point = number.IndexOf('.');
        var whole = point < 0 ? number : number[..point];
        var decimals = point < 0 ? default : number[(point + 1)..];
        if (decimals.Length > asset.Scale)
            return TooFine(asset);
        return TryScale(whole, decimals, asset.Scale, out units) ? null : TooLarge(asset);
    }

    /// <summary>Why <paramref name="number"/> is not digits with at most one point between them, or null.</summary>
    private static string? WhyNotPlain(ReadOnlySpan<char> text, ReadOnlySpan<char> number)
    {
        if (number.ContainsAny(',', '_', '\''))
            return $"{Quote(text)} has separators; write all digits together, with a point before the decimals.";
        if (number.ContainsAny(" \t\u00a0\u202f"))
            return $"{Quote(text)} has blanks inside; write all digits together.";
        foreach (var c in number)
        {
            if (!char.IsAsciiDigit(c) && char.IsDigit(c))
                return $"{Quote(text)} has digits other than 0 to 9.";
        }
        var point = number.IndexOf('.');
        var plain = !number.IsEmpty
            && !number.ContainsAnyExcept(Plain)
            && point == number.LastIndexOf('.')
            && point != 0
            && point != number.Length - 1;
        return plain ? null : $"{Quote(text)} is not an amount; write it like 10 or 10.50.";
    }

    private static bool TryScale(ReadOnlySpan<char> whole, ReadOnlySpan<char> decimals, int scale, out long units)
    {
        units = 0;
        return TryAppend(ref units, whole)
            && TryAppend(ref units, decimals)
            && TryAppend(ref units, "000000000".AsSpan(0, scale - decimals.Length));
    }

    private static bool TryAppend(ref long units, ReadOnlySpan<char> digits)
    {
        foreach (var c in digits)
        {
            units = units * 10 + (c - '0');
            if (units > Amount.MaxUnits)
                return false;
        }
        return true;
    }

    private static string TooLarge(Asset asset) => $"The most is {FormatWithCode(Amount.MaxUnits, asset)}.";

    private static string TooFine(Asset asset) => asset.Scale switch
    {
        0 => $"An amount in {asset.Code} has no decimals.",
        1 => $"An amount in {asset.Code} has at most 1 decimal.",
        _ => $"An amount in {asset.Code} has at most {asset.Scale} decimals.",
    };

    private static string Quote(ReadOnlySpan<char> text) => $"\"{DisplayText.Of(text.ToString(), MaxEcho)}\"";
}
