using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>Reads one line of a page as vectors/scenarios/README.md describes it.</summary>
internal static partial class LineText
{
    /// <summary>Scenario numbers begin after each side's opening page, so the page on paper is one lower.</summary>
    public const int OpeningPages = 1;

    public static Line Read(string text, RequestId id)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words switch
        {
            ["Pay", var units] => new PayLine(id, Units(units), string.Empty),
            ["Limit", "none"] => new LimitLine(id, CreditLimit.None),
            ["Limit", var units] => new LimitLine(id, CreditLimit.FromUnits(Number(units))),
            ["Propose", "I", "paid", var units] => new ProposeLine(id, true, Units(units), "cash", string.Empty),
            ["Propose", "you", "paid", var units] => new ProposeLine(id, false, Units(units), "cash", string.Empty),
            ["Modify", var at, "to", var units] => new ModifyLine(id, At(at), Units(units), "cash", string.Empty),
            ["Withdraw", var at] => new WithdrawLine(id, At(at)),
            ["Accept", var at] => new AcceptLine(id, At(at)),
            ["Dispute", var at] => new DisputeLine(id, At(at), "no"),
            ["Received", var at] => new ReceivedLine(id, At(at)),
            ["Hold", var units, "for", var secret] =>
                new HoldLine(id, Units(units), [Hash.Of(Secret(secret).ToArray())], [], 0),
            ["Fulfil", var at, "with", var secret] => new FulfilLine(id, At(at), [Secret(secret)]),
            ["Release", var at] => new ReleaseLine(id, At(at), string.Empty),
            ["Version", var version] => new VersionLine(id, (int)Number(version)),
            ["Kind", var kind] => new UnknownLine(default, (int)Number(kind), []),
            _ => throw new FormatException($"No line reads '{text}'."),
        };
    }

    /// <summary><c>a2.1</c>, <c>a2</c> for its first line, or <c>2.1</c>.</summary>
    public static Ref At(string text)
    {
        var match = Place().Match(text);
        if (!match.Success)
            throw new FormatException($"'{text}' is no place of a line.");
        var line = match.Groups["line"].Success ? (int)Number(match.Groups["line"].Value) : 0;
        return new Ref(Number(match.Groups["page"].Value) + OpeningPages, line);
    }

    public static long Number(string text) =>
        long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public static Amount Units(string text) => Amount.FromUnits(Number(text));

    private static Hash Secret(string word) => Hash.Of(Encoding.UTF8.GetBytes(word));

    [GeneratedRegex(@"^[ab]?(?<page>\d+)(\.(?<line>\d+))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
