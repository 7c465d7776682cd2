using Tallystick.Cli.Sentences;
using Tallystick.Node.Peers;

namespace Tallystick.Cli.Commands;

/// <summary><c>peers</c>, <c>peer add|rename|remove</c> and <c>accept</c>.</summary>
internal static class PeerGrammar
{
    private static readonly string[] Verbs = ["add", "rename", "remove", "list", "nearby"];

    public static Reading Read(Line line)
    {
        var words = line.Words;
        if (words.Count == 1 || (words.Count == 2 && words[1].Is("list")))
            return Grammar.Understood(new Command.ListPeers());
        if (words.Count == 2 && words[1].Is("nearby"))
            return Grammar.Understood(new Command.ListNearby());
        if (words[1].Is("add"))
        {
            return Counted(line, 2, UsageSentences.PeerAddHow, () => new Command.AddPeer(words[2].Text, words[3].Text));
        }
        if (words[1].Is("rename"))
        {
            // "peer rename bob to robert" reads naturally, and a peer can still be renamed to "to".
            var skipped = words.Count == 5 && words[3].IsAny("to", "as") ? 1 : 0;
            return Counted(
                line,
                2 + skipped,
                UsageSentences.PeerRenameHow,
                () => new Command.RenamePeer(words[2].Text, words[3 + skipped].Text));
        }
        if (words[1].Is("remove"))
        {
            var names = words.Skip(2).Where(word => !word.Is("--force")).ToList();
            return names.Count == 1
                ? Grammar.Understood(new Command.RemovePeer(names[0].Text, names.Count < words.Count - 2))
                : Grammar.Usage(UsageSentences.PeerRemoveHow);
        }
        var nearest = Nearest.To(words[1].Text, Verbs) is { } verb ? "peer " + verb : null;
        return Grammar.Usage(UsageSentences.PeerWhat(words[1].Text, nearest), nearest);
    }

    /// <summary><c>accept FINGERPRINT [as NAME]</c>; its groups may be typed apart.</summary>
    public static Reading ReadAccept(Line line)
    {
        var words = line.Words;
        var named = words.Count >= 4 && words[^2].Is("as");
        var groups = words.Skip(1).SkipLast(named ? 2 : 0).Select(word => word.Text).ToList();
        return groups.Count == 0
            ? Grammar.Usage(UsageSentences.AcceptWhom)
            : Grammar.Understood(new Command.Accept(string.Join('-', groups), named ? words[^1].Text : null));
    }

    private static Reading Counted(Line line, int wanted, string usage, Func<Command> command) =>
        line.Words.Count - 2 == wanted ? Grammar.Understood(command()) : Grammar.Usage(usage);
}
