using System.Globalization;
using Tallystick.Client;
using static Tallystick.Cli.Sentences.Harmless;

namespace Tallystick.Cli.Sentences;

/// <summary>What a person is told unasked, and how a shell greets and takes its leave.</summary>
internal static class NoticeSentences
{
    public const string Welcome = "Welcome to your peering relationship!";
    public const string TypeHelp = "Type help to see what you can say.";
    public const string Goodbye = "Goodbye.";
    public const string Farewell = "Farewell, and may your halves always match.";
    public const string NothingChosen = "Then nothing was done.";

    public const string Offline = "You are offline: you call nobody, and nobody can call you. What you pay is queued.";

    /// <summary>Said once in a session.</summary>
    public const string DebtHint =
        "By the way: you owed them already, and paying adds to the debt. What you paid back outside, in cash or by "
        + "bank, belongs in settle: settle bob 20 by cash.";

    public static IEnumerable<string> WhoIsHere(NodeInfo node) =>
    [
        $"You are {Text(node.Name)}, {Text(node.Fingerprint)}"
            + (node.Listen is null ? "." : $", listening {Where(node.Listen)}."),
        .. node.Offline ? [Offline] : Array.Empty<string>(),
        .. node.SignIn is null ? Array.Empty<string>() : [$"Your pages, in a browser: {Text(node.SignIn)}"],
        TypeHelp,
    ];

    /// <summary>Where a node listens. Every address of a computer is none that anybody could dial.</summary>
    public static string Where(string listen) =>
        listen.StartsWith("[::]:", StringComparison.Ordinal) || listen.StartsWith("0.0.0.0:", StringComparison.Ordinal)
            ? $"on port {Text(listen[(listen.LastIndexOf(':') + 1)..])}"
            : $"at {Text(listen)}";

    public static string Stopped(bool wasPayment) => wasPayment
        ? "Stopped waiting. Whether it was paid, history tells."
        : "Stopped waiting.";

    public static string Of(Notice notice, string defaultAsset) => notice.Settlement is { } settlement
        ? SettlementSentences.Of(notice, settlement)
        : OfOthers(notice, defaultAsset);

    private static string OfOthers(Notice notice, string defaultAsset) => notice.Kind switch
    {
        NoticeKinds.Connected => $"{Name(notice)} is connected.",
        NoticeKinds.Disconnected => $"{Name(notice)} has left.",
        NoticeKinds.Paid => $"You were paid {Sum(notice, defaultAsset)} by {Name(notice)}{For(notice)}!",
        NoticeKinds.Delivered => $"Your {Sum(notice, string.Empty)} reached {Name(notice)}.",
        NoticeKinds.Refused =>
            $"Your queued {Sum(notice, string.Empty)} for {Name(notice)} were refused{Because(notice)}",
        NoticeKinds.Limit => notice.Amount is null
            ? $"{Name(notice)} lets you owe any number of {Text(notice.Asset)}."
            : $"{Name(notice)} lets you owe at most {Sum(notice, string.Empty)}.",
        NoticeKinds.Joined => InviteSentences.Joined(notice.Peer, notice.Text),
        NoticeKinds.Knock =>
            $"A stranger knocks, who says to be {Name(notice)}. If you expected them: accept {Text(notice.Text)}",
        NoticeKinds.NotYetAccepted =>
            $"{Name(notice)} has not accepted you yet. Tell them your fingerprint: {Text(notice.Text)}",
        NoticeKinds.Frozen => $"The tab with {Name(notice)} is frozen{Because(notice)}",
        NoticeKinds.ResetAsked =>
            $"{Name(notice)} asks to reset your frozen tab. To see what that does, and say yes: reset {Name(notice)}",
        NoticeKinds.Reset =>
            $"The tab with {Name(notice)} was reset: you go on at {AnswerSentences.Signed(notice.Amount ?? "0")} "
                + $"{Text(notice.Asset)}, and payments flow again.",
        NoticeKinds.Trouble => Text(notice.Text),
        _ => $"{Text(notice.Kind)}: {Name(notice)} {Text(notice.Text)}".TrimEnd(),
    };

    /// <summary>One picture for each kind, for terminals that can show it.</summary>
    public static string Emoji(string kind) => kind switch
    {
        NoticeKinds.Connected => "🤝",
        NoticeKinds.Disconnected => "👋",
        NoticeKinds.Paid => "💸",
        NoticeKinds.Delivered => "🫡",
        NoticeKinds.Refused => "🤷",
        NoticeKinds.Limit => "📏",
        NoticeKinds.Proposed or NoticeKinds.Modified => "📝",
        NoticeKinds.Withdrawn => "↩️",
        NoticeKinds.Disputed => "🤔",
        NoticeKinds.Agreed or NoticeKinds.Seen => "👍",
        NoticeKinds.Settled => "✅",
        NoticeKinds.Joined => "🎉",
        NoticeKinds.Knock => "🚪",
        NoticeKinds.NotYetAccepted => "⏳",
        NoticeKinds.Frozen => "🧊",
        NoticeKinds.ResetAsked => "🙏",
        NoticeKinds.Reset => "🌱",
        _ => "🔔",
    };

    /// <summary>Many notices as one line: payments by payer and asset with their sums, the rest by number.</summary>
    public static string Summed(IReadOnlyCollection<Notice> notices, string defaultAsset)
    {
        var parts = new List<string>();
        foreach (var group in notices.Where(notice => notice.Kind == NoticeKinds.Paid)
            .GroupBy(notice => (Peer: notice.Peer, Asset: notice.Asset)))
        {
            var sum = group.Sum(notice => decimal.Parse(notice.Amount ?? "0", CultureInfo.InvariantCulture));
            var whole = group.First() with { Amount = sum.ToString(CultureInfo.InvariantCulture) };
            parts.Add($"{Sum(whole, defaultAsset)} by {Name(whole)} in {Count(group.Count(), "payment")}");
        }
        var others = notices.Count(notice => notice.Kind != NoticeKinds.Paid);
        if (parts.Count == 0)
            return $"{Count(others, "more notice")}: history and peers tell what they were.";
        var rest = others == 0 ? string.Empty : $" There were {Count(others, "other notice")}.";
        return $"You were paid {string.Join(", ", parts)}!{rest}";
    }

    private static string Name(Notice notice) => Text(notice.Peer, 64);

    private static string Sum(Notice notice, string unsaidAsset) =>
        notice.Asset is null || notice.Asset.Equals(unsaidAsset, StringComparison.OrdinalIgnoreCase)
            ? Text(notice.Amount)
            : $"{Text(notice.Amount)} {Text(notice.Asset)}";

    private static string For(Notice notice) =>
        string.IsNullOrWhiteSpace(notice.Text) ? string.Empty : $" for {Text(notice.Text)}";

    private static string Because(Notice notice) =>
        string.IsNullOrWhiteSpace(notice.Text) ? "." : $": {Text(notice.Text)}";

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
