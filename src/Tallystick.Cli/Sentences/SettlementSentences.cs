using System.Globalization;
using Tallystick.Cli.Commands;
using Tallystick.Client;
using static Tallystick.Cli.Sentences.Harmless;

namespace Tallystick.Cli.Sentences;

/// <summary>Settlements and asks in plain words.</summary>
internal static class SettlementSentences
{
    public const string None = "There are no settlements. What was paid outside: settle bob 20 by cash";

    private const int HashShown = 16;

    public static IReadOnlyList<string> Result(SettlementResult result)
    {
        var settlement = result.Settlement;
        var lines = new List<string> { $"{Text(settlement.Id)}  {Text(settlement.Title)}" };
        lines.Add("  " + Text(settlement.Standing));
        if (result.Wish == PaymentStates.Queued && settlement.State != SettlementStates.Queued)
            lines.Add($"  What you said is queued: {Text(result.Reason)}");
        return lines;
    }

    public static IReadOnlyList<string> List(SettlementList list)
    {
        if (list.Settlements.Count == 0)
            return [None];
        var width = list.Settlements.Max(each => each.Id.Length);
        var states = list.Settlements.Max(each => each.State.Length);
        var lines = list.Settlements
            .Select(each => $"{Text(each.Id).PadRight(width)}  {Text(each.State).PadRight(states)}  {Text(each.Title)}")
            .ToList();
        if (list.Before is not null)
            lines.Add("There are older ones; settle show ID shows each of them.");
        return lines;
    }

    public static IReadOnlyList<string> Detail(SettlementDetail detail, AnswerStyle style)
    {
        var settlement = detail.Settlement;
        var peer = Text(settlement.Peer, 64);
        var lines = new List<string>
        {
            $"{Text(settlement.Id)}  {Text(settlement.Title)}",
            $"  {Text(settlement.Standing)}",
        };
        if (detail.LeftOut)
            lines.Add("  There are more answers; these are the newest.");
        lines.AddRange(detail.Trail.Select(step => "  " + Step(step, peer, Text(settlement.Asset), style)));
        lines.AddRange(detail.Queued.Select(wish => $"  queued: {Text(wish.Kind)} {wish.Amount}".TrimEnd()
            + $" (cancel {Text(wish.Id)})"));
        lines.Add($"  Balance: {AnswerSentences.Signed(detail.BalanceBefore)} before, "
            + $"{AnswerSentences.Signed(detail.BalanceAfter)} {Text(settlement.Asset)} "
            + (settlement.State == SettlementStates.Settled ? "after." : "if it is settled."));
        if (detail.Twins.Count > 0)
            lines.Add($"  It may be the same money as {string.Join(", ", detail.Twins.Select(twin => Text(twin)))}.");
        if (settlement.Actions.Count > 0)
            lines.Add("  You can: " + string.Join(", ", settlement.Actions.Select(action => How(action, settlement))));
        return lines;
    }

    public static IReadOnlyList<string> Split(SplitResult split)
    {
        var lines = split.Asks.SelectMany(Result).ToList();
        if (split.Left.Any(digit => digit is >= '1' and <= '9'))
            lines.Add($"{split.Left} cannot be divided and stays with you.");
        return lines;
    }

    public static IReadOnlyList<string> Saved(SavedSettlement saved) =>
    [
        $"Saved {Text(saved.Id)} in {Text(saved.File, 4096)}, {saved.Bytes} bytes.",
        "  Anybody can check it, without a node: tallystick verify FILE",
    ];

    /// <summary>What to type when two settlements may be the same money.</summary>
    public static string Twin(Command.AnswerSettlement answer) =>
        $"The same money: settle {answer.Answer} {Text(answer.Id)} --close. "
        + $"Another payment: settle {answer.Answer} {Text(answer.Id)} --yes";

    /// <summary>What a person is told unasked.</summary>
    public static string Of(Notice notice, SettlementInfo settlement)
    {
        var (peer, id, title) = (Text(notice.Peer, 64), Text(settlement.Id), Text(settlement.Title));
        return notice.Kind switch
        {
            NoticeKinds.Proposed when settlement.IsAsk => $"{title}. {Answers(id)}",
            NoticeKinds.Proposed => $"{peer} proposes: {title}. {Answers(id)}",
            NoticeKinds.Modified => $"{peer} changed it: {title}. {Answers(id)}",
            NoticeKinds.Withdrawn => $"{peer} took back {id}: {title}.",
            NoticeKinds.Agreed => $"{peer} agreed: {title}. When the money is there: settle received {id}",
            NoticeKinds.Seen => $"{peer} has seen that you agreed: {title}. It is safe to pay now.",
            NoticeKinds.Disputed => $"{peer} disputes {id}, {title}{Because(notice)} "
                + $"You can: settle modify {id} AMOUNT, settle withdraw {id}",
            NoticeKinds.Settled when settlement.IsAsk => settlement.Mine
                ? $"{peer} accepted, and owes you {settlement.Amount} {Text(settlement.Asset)} more."
                : $"You owe what {peer} asked for.",
            NoticeKinds.Settled => $"Settled: {title}.",
            _ => $"What you said about {id} was refused: {Text(notice.Text)}",
        };
    }

    private static string Step(SettlementStep step, string peer, string asset, AnswerStyle style)
    {
        var local = TimeZoneInfo.ConvertTime(step.Time, style.Zone);
        var who = step.Mine ? "you" : peer;
        var amount = step.Amount is null ? string.Empty : $" {step.Amount} {asset}";
        var text = string.IsNullOrEmpty(step.Text) ? string.Empty : $" ({Text(step.Text)})";
        var unseen = step.Seen ? string.Empty : ", not yet seen";
        return local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            + $"  {who}: {Text(step.Kind)}{amount}{text}{unseen}  "
            + $"signed on page {step.Page}, {Text(step.Hash)[..HashShown]}";
    }

    private static string How(string action, SettlementInfo settlement) => action switch
    {
        SettlementActions.Modify => $"settle modify {Text(settlement.Id)} AMOUNT",
        SettlementActions.Dispute => $"settle dispute {Text(settlement.Id)} because ...",
        _ => $"settle {Text(action)} {Text(settlement.Id)}",
    };

    private static string Answers(string id) => $"Say settle accept {id}, or settle dispute {id} because ...";

    private static string Because(Notice notice) =>
        string.IsNullOrWhiteSpace(notice.Text) ? "." : $": {Text(notice.Text)}.";
}
