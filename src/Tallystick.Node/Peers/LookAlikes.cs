using System.Collections.Frozen;
using System.Text;

namespace Tallystick.Node.Peers;

/// <summary>
/// Names that a person may take for another: a small form of Unicode's security mechanisms (UTS #39). It knows the
/// letters of Latin, Greek and Cyrillic that look alike, and the digits among them; other scripts it leaves alone.
/// </summary>
internal static class LookAlikes
{
    // In pairs: what is seen, and the Latin letter that it is taken for.
    private const string Pairs =
        "аaеeоoрpсcуyхxіiјjѕsԁdһhӏlԛqԝwаaвbкkмmнhтtгrьbпn"
        + "αaοoνvρpιiκkυuχxτtηnγyωwβbεeζz"
        + "0o1l|lıiɡgʟl";

    private static readonly FrozenDictionary<char, char> Latin = Pairs.Chunk(2)
        .DistinctBy(pair => pair[0])
        .ToFrozenDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>What is to be told of a name beside others, one sentence, or null.</summary>
    /// <param name="name">What somebody is called or claims.</param>
    /// <param name="others">The names of everybody else whom this node knows, its own with them.</param>
    public static string? Warning(string name, IEnumerable<string> others)
    {
        var skeleton = Skeleton(name);
        var twin = others.FirstOrDefault(other => Skeleton(other) == skeleton);
        if (twin is not null)
            return $"This name looks like {PeerNames.Harmless(twin)}'s: tell the two apart by their fingerprints.";
        return MixesScripts(name)
            ? "This name mixes alphabets whose letters look alike: compare the fingerprint."
            : null;
    }

    /// <summary>Equal for two names that most people cannot tell apart.</summary>
    public static string Skeleton(string name)
    {
        var letters = new StringBuilder();
        foreach (var letter in name.Select(Narrow))
        {
            // I, l and 1 are one stroke, so the capital I is no i here.
            var lower = letter == 'I' ? 'l' : char.ToLowerInvariant(letter);
            letters.Append(Latin.GetValueOrDefault(lower, lower));
        }
        return letters.ToString().Replace("rn", "m", StringComparison.Ordinal)
            .Replace("vv", "w", StringComparison.Ordinal);
    }

    // The wide forms of ASCII, as East Asian screens have them.
    private static char Narrow(char letter) => letter is >= '\uFF01' and <= '\uFF5E' ? (char)(letter - 0xFEE0) : letter;

    private static bool MixesScripts(string name) =>
        name.EnumerateRunes().Where(Rune.IsLetter).Select(ScriptOf).Where(script => script != Script.Other)
            .Distinct().Count() > 1;

    private static Script ScriptOf(Rune letter) => letter.Value switch
    {
        <= 0x024F or (>= 0x1E00 and <= 0x1EFF) or (>= 0xFF21 and <= 0xFF5A) => Script.Latin,
        (>= 0x0370 and <= 0x03FF) or (>= 0x1F00 and <= 0x1FFF) => Script.Greek,
        >= 0x0400 and <= 0x052F => Script.Cyrillic,
        _ => Script.Other,
    };

    private enum Script
    {
        Other,
        Latin,
        Greek,
        Cyrillic,
    }
}
