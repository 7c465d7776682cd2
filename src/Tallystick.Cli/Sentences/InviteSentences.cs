using System.Globalization;
using Tallystick.Cli.Commands;
using Tallystick.Client;
using Tallystick.Node.Invites;
using static Tallystick.Cli.Sentences.Harmless;

namespace Tallystick.Cli.Sentences;

/// <summary>What a person is told about invitations.</summary>
internal static class InviteSentences
{
    // The longest link has four long names in it.
    private const int MostLinkChars = 4_096;

    public static IReadOnlyList<string> Made(NewInvitation made, bool once, AnswerStyle style)
    {
        var link = Text(made.Link, MostLinkChars);
        var code = style.Plain ? [] : Code(link, style.Width);
        return
        [
            "On the other computer run:",
            string.Empty,
            $"  ./tallystick join {link}",
            string.Empty,
            .. code,
            "Or paste the link into the shell there, or into the page Join.",
            $"It is good for one person until {Time(made.Invitation.Expires, style.Zone)}: "
                + "whoever has it first becomes your peer, so send it only to the one you mean.",
            Terms(made.Invitation.Limit, made.Invitation.Asset, "them", "they"),
            .. made.OnlyHere ? [OnlyHere] : Array.Empty<string>(),
            once
                ? "Waiting for them. Ctrl-C takes the link back."
                : "Waiting for them. You will be told; the link stays good meanwhile, and invites lists it.",
        ];
    }

    /// <summary>At the inviter, when somebody has joined.</summary>
    public static string Joined(string? peer, string? phrase) =>
        $"{Text(peer, 64)} joined ({Text(phrase)}). Try: pay {Text(peer, 64)} 10";

    /// <summary>At the joiner.</summary>
    public static IReadOnlyList<string> Joined(JoinResult result)
    {
        var peer = Text(result.Peer, 64);
        if (result is { State: JoinStates.Joined, Reason: { } notUsed })
            return [Text(notUsed)];
        string[] same =
        [
            Terms(result.Limit, result.Asset, peer, peer),
            "Their screen shows the same four words. If it shows others, somebody stands between you: "
                + $"peer remove {peer}",
        ];
        return result.State == JoinStates.Joined
            ? [$"You joined {peer} ({Text(result.Phrase)}).", .. same, $"Try: pay {peer} 10"]
            : [$"The invitation of {peer} is taken ({Text(result.Phrase)}), but {peer} has not answered yet: "
                + $"{Text(result.Reason)} Your node goes on asking by itself.", .. same];
    }

    public static IReadOnlyList<string> List(Invitations invitations, TimeZoneInfo zone) => invitations.All.Count == 0
        ? ["You have invited nobody: invite makes a link."]
        : [.. invitations.All.Select(invite => $"{Text(invite.Id)}  {StateOf(invite, zone)}")];

    public static IReadOnlyList<string> Revoked(Invitation invite) => invite.State switch
    {
        InviteStates.Revoked => [$"Taken back: nobody can use the invitation {Text(invite.Id)} any more."],
        InviteStates.Used => [$"It is too late: {Text(invite.Peer, 64)} has used the invitation {Text(invite.Id)}."],
        _ => [$"The invitation {Text(invite.Id)} had expired already."],
    };

    public static string StaysOpen(Invitation invite, TimeZoneInfo zone) =>
        $"Stopped waiting. The link stays good until {Time(invite.Expires, zone)}; to take it back: "
        + $"invite revoke {Text(invite.Id)}";

    public static string Ended(Invitation invite) => invite.State == InviteStates.Expired
        ? "Nobody came in time; the link has expired."
        : "The link was taken back.";

    private const string OnlyHere =
        "This node can be dialled from this computer only, so only a node on it can join.";

    // Both people read the same of what each owes at most.
    private static string Terms(string? limit, string asset, string them, string they) => limit is null
        ? $"There is no limit: you may owe {them} any amount, and {they} may owe you any. "
            + "Each may set one: limit PEER 100"
        : $"You may owe {them} at most {Text(limit)} {Text(asset)}, and {they} may owe you at most as much.";

    private static string StateOf(Invitation invite, TimeZoneInfo zone)
    {
        var terms = invite.Limit is null ? "no limit" : $"at most {Text(invite.Limit)} {Text(invite.Asset)} each way";
        return invite.State switch
        {
            InviteStates.Used => $"used by {Text(invite.Peer, 64)} ({Text(invite.Phrase)}), {terms}",
            InviteStates.Open => $"open until {Time(invite.Expires, zone)}, {terms}",
            _ => $"{Text(invite.State)}, {terms}",
        };
    }

    private static IReadOnlyList<string> Code(string link, int? width)
    {
        var rows = QrCode.Of(link).ToHalfBlocks();
        return width is { } cells && rows[0].Length <= cells ? [.. rows, string.Empty] : [];
    }

    private static string Time(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
