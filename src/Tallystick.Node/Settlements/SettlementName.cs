using System.Globalization;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Settlements;

/// <summary>
/// What names a settlement: for people the end of its proposal's request id, which both sides know from the moment it
/// is asked; for programs its place. People's names may meet by chance or malice, places cannot.
/// </summary>
internal static class SettlementName
{
    /// <summary>Hexadecimal digits of a full name.</summary>
    public const int Digits = 8;

    private const int TabDigits = 16;

    /// <summary>The name and, from the second revision on, its number.</summary>
    public static string Of(RequestId proposal, int revision = 1)
    {
        var name = proposal.ToString()[^Digits..];
        return revision > 1 ? $"{name}.{revision}" : name;
    }

    /// <summary>The exact name.</summary>
    public static string KeyOf(TabId tab, ObjectKey settlement) =>
        $"{tab.ToString()[..TabDigits]}-{(int)settlement.Creator}-{settlement.Ref.Page}-{settlement.Ref.Line}";

    /// <summary>Takes the revision's number off what was typed; 1 where none stands.</summary>
    public static (string Name, int Revision) Split(string typed)
    {
        var text = typed.Trim().ToLowerInvariant();
        var point = text.IndexOf('.');
        if (point < 0)
            return (text, 1);
        return int.TryParse(text[(point + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? (text[..point], revision)
            : (text, 1);
    }

    /// <summary>The names that begin with these digits, as a range of numbers.</summary>
    public static bool TryReadBeginning(string name, out uint first, out uint last)
    {
        (first, last) = (0, 0);
        if (name.Length is 0 or > Digits || !name.All(char.IsAsciiHexDigit))
            return false;
        first = uint.Parse(name.PadRight(Digits, '0'), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        last = uint.Parse(name.PadRight(Digits, 'f'), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>The parts of an exact name.</summary>
    public static bool TryReadKey(string name, out string tabBeginning, out ObjectKey settlement)
    {
        (tabBeginning, settlement) = (string.Empty, default);
        var parts = name.Split('-');
        if (parts.Length != 4
            || parts[0].Length != TabDigits
            || parts[1] is not ("0" or "1")
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var page)
            || !int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var line))
        {
            return false;
        }
        tabBeginning = parts[0];
        settlement = new ObjectKey(parts[1] == "0" ? Party.Zero : Party.One, new Ref(page, line));
        return true;
    }
}
