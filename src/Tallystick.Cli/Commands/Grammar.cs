using System.Globalization;
using Tallystick.Cli.Sentences;
using Tallystick.Core.Invites;
using Tallystick.Node.Peers;

namespace Tallystick.Cli.Commands;

/// <summary>Reads what people type. Pure; the same for the shell, scripts and one command given as arguments.</summary>
internal static class Grammar
{
    private delegate Reading Reader(Line line);

    /// <summary>
    /// Every first word and what reads the rest. The first group is offered in completion and near misses.
    /// </summary>
    private static readonly Dictionary<string, Reader> Readers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pay"] = PayGrammar.Read,
        ["settle"] = SettleGrammar.Read,
        ["ask"] = SettleGrammar.ReadAsk,
        ["split"] = SettleGrammar.ReadSplit,
        ["balance"] = ReadBalance,
        ["history"] = ReadHistory,
        ["limit"] = ReadLimit,
        ["invite"] = InviteGrammar.Read,
        ["join"] = InviteGrammar.ReadJoin,
        ["invites"] = InviteGrammar.ReadList,
        ["peers"] = PeerGrammar.Read,
        ["peer"] = PeerGrammar.Read,
        ["accept"] = PeerGrammar.ReadAccept,
        ["cancel"] = ReadCancel,
        ["verify"] = ReadVerify,
        ["reset"] = ReadReset,
        ["whoami"] = line => Alone(line, new Command.WhoAmI()),
        ["help"] = _ => Understood(new Command.Help()),
        ["exit"] = line => Alone(line, new Command.Exit(Fondly: false)),
        ["farewell"] = line => Alone(line, new Command.Exit(Fondly: true)),
        ["send"] = PayGrammar.Read,
        ["check"] = ReadCheck,
        ["log"] = ReadHistory,
        ["quit"] = line => Alone(line, new Command.Exit(Fondly: false)),
        ["bye"] = line => Alone(line, new Command.Exit(Fondly: false)),
        ["status"] = line => Alone(line, new Command.WhoAmI()),
        ["?"] = _ => Understood(new Command.Help()),
        ["key"] = _ => Usage(UsageSentences.KeyIsNoCommand),
    };

    /// <summary>The first words, in the order of the help text.</summary>
    public static IReadOnlyList<string> FirstWords { get; } =
        [.. Readers.Keys.Where(word => word is not ("?" or "key"))];

    /// <summary>Whether a command begins with this word, or a synonym of it.</summary>
    public static bool Knows(string word) => Readers.ContainsKey(word);

    /// <summary>Reads a typed line.</summary>
    public static Reading Read(string text) => Read(Line.Split(text));

    /// <summary>Reads the arguments of a program.</summary>
    public static Reading Read(IReadOnlyList<string> arguments) => Read(Line.FromArguments(arguments));

    internal static Reading Understood(Command command) => new Reading.Understood(command);

    internal static Reading Usage(string message, string? nearest = null) =>
        new Reading.NotUnderstood(message, nearest);

    private static Reading Read(Line line)
    {
        if (line.Words.Count == 0)
            return new Reading.Blank();
        var first = line.Words[0];
        if (!first.Quoted && Readers.TryGetValue(first.Text, out var reader))
            return reader(line);
        if (first.Text.StartsWith(InviteLink.Scheme, StringComparison.Ordinal))
            return InviteGrammar.ReadPasted(line);
        var nearest = Nearest.To(first.Text, FirstWords);
        return Usage(UsageSentences.Unknown(first.Text, nearest), nearest);
    }

    private static Reading Alone(Line line, Command command) =>
        line.Words.Count == 1 ? Understood(command) : TooMuch(line, 1);

    private static Reading ReadCheck(Line line)
    {
        if (line.Words.Count >= 2 && line.Words[1].Is("balance"))
            return ReadPeerOnly(line, 2, peer => new Command.Balance(peer));
        return Usage(UsageSentences.CheckWhat, "check balance");
    }

    private static Reading ReadBalance(Line line) => ReadPeerOnly(line, 1, peer => new Command.Balance(peer));

    private static Reading ReadVerify(Line line) => ReadPeerOnly(line, 1, peer => new Command.Verify(peer));

    private static Reading ReadPeerOnly(Line line, int from, Func<string?, Command> command) =>
        line.Words.Count <= from + 1
            ? Understood(command(line.Words.Count > from ? line.Words[from].Text : null))
            : TooMuch(line, from + 1);

    /// <summary><c>history [PEER] [COUNT]</c>. A bare number is a count; a peer with such a name is quoted.</summary>
    private static Reading ReadHistory(Line line)
    {
        string? peer = null;
        int? most = null;
        foreach (var word in line.Words.Skip(1))
        {
            var isCount = !word.Quoted && word.Text.All(char.IsAsciiDigit);
            if (isCount && most is null
                && int.TryParse(word.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count is >= 1 and <= 1000)
            {
                most = count;
            }
            else if (isCount)
            {
                return Usage(UsageSentences.HistoryCount);
            }
            else if (peer is null)
            {
                peer = word.Text;
            }
            else
            {
                return Usage(UsageSentences.TooMuch(word.Text));
            }
        }
        return Understood(new Command.History(peer, most ?? Command.History.UsualMost));
    }

    private static Reading ReadCancel(Line line) => line.Words.Count switch
    {
        1 => Usage(UsageSentences.CancelWhat),
        2 => Understood(new Command.Cancel(line.Words[1].Text)),
        _ => TooMuch(line, 2),
    };

    /// <summary><c>limit [PEER] AMOUNT|none [ASSET]</c>.</summary>
    private static Reading ReadLimit(Line line)
    {
        var words = line.Words;
        if (words.Count == 1)
            return Usage(UsageSentences.LimitHow);
        var leavesPeerOut = IsLimit(words[1]) && !(words.Count > 2 && IsLimit(words[2]));
        var at = leavesPeerOut ? 1 : 2;
        if (words.Count <= at)
            return Usage(UsageSentences.LimitHow);
        if (words.Count > at + 2)
            return TooMuch(line, at + 2);
        var limit = words[at].Is("none") ? "none" : words[at].Text;
        var asset = words.Count > at + 1 ? words[at + 1].Text : null;
        return Understood(new Command.SetLimit(leavesPeerOut ? null : words[1].Text, limit, PayGrammar.Asset(asset)));
    }

    /// <summary><c>reset [PEER] [ASSET] [--yes]</c>.</summary>
    private static Reading ReadReset(Line line)
    {
        var names = line.Words.Skip(1).Where(word => !word.Is("--yes")).ToList();
        if (names.Count > 2)
            return Usage(UsageSentences.TooMuch(names[2].Text));
        var yes = names.Count < line.Words.Count - 1;
        var asset = names.Count > 1 ? names[1].Text : null;
        return Understood(new Command.Reset(names.Count > 0 ? names[0].Text : null, PayGrammar.Asset(asset), yes));
    }

    private static bool IsLimit(Word word) => word.LooksLikeAmount || word.Is("none");

    internal static Reading TooMuch(Line line, int from) => Usage(UsageSentences.TooMuch(line.Words[from].Text));
}
