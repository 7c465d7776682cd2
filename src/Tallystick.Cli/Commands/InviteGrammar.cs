using Tallystick.Cli.Sentences;

namespace Tallystick.Cli.Commands;

/// <summary><c>invite</c>, <c>invites</c> and <c>join</c>.</summary>
internal static class InviteGrammar
{
    /// <summary><c>invite [--limit N [ASSET]] [--expires 1d] [--once]</c>, <c>invite revoke ID</c>.</summary>
    public static Reading Read(Line line)
    {
        var words = line.Words;
        if (words.Count > 1 && words[1].IsAny("revoke", "remove"))
        {
            return words.Count == 3
                ? Grammar.Understood(new Command.RevokeInvite(words[2].Text))
                : Grammar.Usage(UsageSentences.RevokeWhich);
        }
        if (words.Count == 2 && words[1].Is("list"))
            return Grammar.Understood(new Command.ListInvites());
        var command = new Command.Invite(Limit: null, Asset: null, Expires: null, Once: false);
        for (var at = 1; at < words.Count; at++)
        {
            var next = at + 1 < words.Count ? words[at + 1].Text : null;
            if (words[at].IsAny("--once", "once"))
                command = command with { Once = true };
            else if (next is not null && words[at].IsAny("--limit", "limit") && command.Limit is null)
                (command, at) = (command with { Limit = next }, at + 1);
            else if (next is not null && words[at].IsAny("--expires", "expires") && command.Expires is null)
                (command, at) = (command with { Expires = next }, at + 1);
            else if (command.Limit is not null && command.Asset is null && words[at - 1].Text == command.Limit)
                command = command with { Asset = PayGrammar.Asset(words[at].Text) };
            else
                return Grammar.Usage(UsageSentences.InviteHow);
        }
        return Grammar.Understood(command);
    }

    public static Reading ReadList(Line line) => line.Words.Count == 1
        ? Grammar.Understood(new Command.ListInvites())
        : Grammar.TooMuch(line, 1);

    /// <summary><c>join LINK [as NAME]</c>.</summary>
    public static Reading ReadJoin(Line line) =>
        line.Words.Count == 1 ? Grammar.Usage(UsageSentences.JoinHow) : Read(line, at: 1);

    /// <summary>A link alone, as it was pasted.</summary>
    public static Reading ReadPasted(Line line) => Read(line, at: 0);

    private static Reading Read(Line line, int at)
    {
        var words = line.Words;
        if (words.Count == at + 1)
            return Grammar.Understood(new Command.Join(words[at].Text, Name: null));
        return words.Count == at + 3 && words[at + 1].Is("as")
            ? Grammar.Understood(new Command.Join(words[at].Text, words[at + 2].Text))
            : Grammar.Usage(UsageSentences.JoinHow);
    }
}
