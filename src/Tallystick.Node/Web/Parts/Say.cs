using System.Globalization;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;

namespace Tallystick.Node.Web.Parts;

/// <summary>
/// Texts and numbers as a page shows them. What a peer wrote is made harmless here, and escaped after.
/// </summary>
internal static class Say
{
    private const int LongestText = 300;
    private const int LongestName = 64;
    private const char Minus = '−';

    /// <summary>One harmless line of what somebody wrote.</summary>
    public static string Text(string? text) => DisplayText.Of(text ?? string.Empty, LongestText);

    public static string Name(string? name) => DisplayText.Of(name ?? string.Empty, LongestName);

    /// <summary>A decimal number with a plus or minus, and with commas between the thousands.</summary>
    public static string Signed(string number) => Magnitude(number) switch
    {
        var zero when IsZero(number) => zero,
        var owed when number.StartsWith('-') => Minus + owed,
        var due => "+" + due,
    };

    public static string Signed(long units, Asset asset) => Signed(AmountText.Format(units, asset));

    /// <summary>The number without its sign, with commas between the thousands.</summary>
    public static string Magnitude(string number)
    {
        var digits = number.TrimStart('+', '-');
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? digits : digits[..point];
        for (var at = whole.Length - 3; at > 0; at -= 3)
            whole = whole.Insert(at, ",");
        return point < 0 ? whole : whole + digits[point..];
    }

    /// <summary>Whether nothing is owed either way.</summary>
    public static bool IsZero(string number) => !number.Any(digit => digit is >= '1' and <= '9');

    /// <summary>A class for the colour that goes with the sign; the words beside it say the same.</summary>
    public static string Tone(string number) =>
        IsZero(number) ? "even" : number.StartsWith('-') ? "owing" : "owed";

    /// <summary>Who owes, in words.</summary>
    public static string Standing(string balance, string peer) => Tone(balance) switch
    {
        "owing" => $"you owe {Name(peer)}",
        "owed" => $"{Name(peer)} owes you",
        _ => "you are even",
    };

    public static string Count(long count, string one, string? many = null) =>
        count == 1 ? $"1 {one}" : $"{count.ToString(CultureInfo.InvariantCulture)} {many ?? one + "s"}";
}
