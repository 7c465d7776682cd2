using Tallystick.Client;
using static Tallystick.Cli.Sentences.Harmless;

namespace Tallystick.Cli.Sentences;

/// <summary>A reset in plain words: what it would do, and what came of a yes.</summary>
internal static class ResetSentences
{
    public const string YesPrompt = "Type yes to sign it: ";

    public const string NeedsYes = "Nothing was signed. If that is what you want, say so: reset NAME --yes";

    private const int MostShown = 20;

    public static IReadOnlyList<string> Preview(ResetPreview reset)
    {
        var (peer, asset) = (Text(reset.Peer, 64), Text(reset.Asset));
        var lines = new List<string>
        {
            reset.AskedByPeer
                ? $"{peer} asks to reset the frozen tab with you, and has signed this:"
                : $"A reset of the frozen tab with {peer} does this, once both of you have said yes:",
            $"  You go on at {AnswerSentences.Signed(reset.Balance)} {asset}"
                + $" ({AnswerSentences.Standing(AnswerSentences.Signed(reset.Balance), peer)}).",
            $"  {Owes(peer, reset.MyLimit, asset)}; {OweThem(peer, reset.PeerLimit, asset)}.",
        };
        if (reset.OpenHolds > 0)
            lines.Add($"  {Count(reset.OpenHolds, "open hold goes", "open holds go")} on as before.");
        if (reset.EndedSettlements > 0)
            lines.Add($"  {Count(reset.EndedSettlements, "open settlement ends", "open settlements end")}.");
        if (reset.VoidPages > 0)
        {
            var them = reset.VoidPages == 1 ? "it" : "them";
            lines.Add($"  {Count(reset.VoidPages, "page of yours becomes", "pages of yours become")} void, because "
                + $"{peer} never took {them}. What stood there ends refused:");
            lines.AddRange(reset.VoidEntries.Take(MostShown).Select(entry => "    " + Entry(entry, asset)));
            if (reset.VoidEntries.Count > MostShown)
                lines.Add($"    and {reset.VoidEntries.Count - MostShown} more.");
        }
        if (reset.AskedByMe)
            lines.Add($"  You have signed it already; it waits for {peer}.");
        return lines;
    }

    public static IReadOnlyList<string> Result(ResetResult result)
    {
        var peer = Text(result.Peer, 64);
        return result.State == ResetStates.Done
            ? [$"The tab with {peer} was reset. You stand at "
                + $"{AnswerSentences.Signed(result.Balance)} {Text(result.Asset)}, and payments flow again."]
            : [$"Signed and sent. The tab goes on once {peer} has said yes too."];
    }

    private static string Owes(string peer, string? limit, string asset) =>
        limit is null ? $"{peer} may owe you any number of {asset}" : $"{peer} may owe you at most {limit} {asset}";

    private static string OweThem(string peer, string? limit, string asset) =>
        limit is null ? $"you may owe {peer} any number" : $"you may owe {peer} at most {limit} {asset}";

    private static string Entry(VoidEntry entry, string asset)
    {
        var amount = entry.Amount is null ? string.Empty : $" {entry.Amount} {asset}";
        var text = string.IsNullOrWhiteSpace(entry.Text) ? string.Empty : $" for {Text(entry.Text)}";
        return $"{Text(entry.Id)}  {Text(entry.Kind)}{amount}{text}";
    }

    private static string Count(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";
}
