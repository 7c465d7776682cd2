using Tallystick.Cli.Sentences;

namespace Tallystick.Cli.Commands;

/// <summary>
/// <c>pay [PEER] AMOUNT [ASSET] [for MEMO]</c> and <c>send AMOUNT [ASSET] [to PEER] [for MEMO]</c>; both verbs
/// understand both orders.
/// </summary>
internal static class PayGrammar
{
    public static Reading Read(Line line)
    {
        var words = line.Words;
        var at = 1;
        // "send to bob 10" is what some people say; a peer named "to" is still reached by "pay to 10".
        if (words.Count >= 4 && words[1].Is("to") && words[3].LooksLikeAmount)
            at++;
        if (words.Count <= at)
            return Grammar.Usage(UsageSentences.PayHow);

        string? peer = null;
        var amountFirst = words[at].LooksLikeAmount && !(words.Count > at + 1 && words[at + 1].LooksLikeAmount);
        if (!amountFirst)
        {
            peer = words[at].Text;
            at++;
            if (words.Count <= at || (!words[at].LooksLikeAmount && words[at].IsAny("for", "to")))
                return Grammar.Usage(UsageSentences.HowMuch(peer));
        }
        var amount = words[at++].Text;

        string? asset = null;
        if (at < words.Count && !words[at].IsAny("for", "to"))
        {
            if (words[at].LooksLikeAmount)
                return Grammar.Usage(UsageSentences.TwoAmounts(amount, words[at].Text));
            asset = words[at++].Text;
        }
        if (peer is null && at < words.Count && words[at].Is("to"))
        {
            if (at + 1 == words.Count)
                return Grammar.Usage(UsageSentences.ToWhom);
            peer = words[at + 1].Text;
            at += 2;
        }
        string? memo = null;
        if (at < words.Count && words[at].Is("for"))
        {
            if (at + 1 == words.Count)
                return Grammar.Usage(UsageSentences.ForWhat);
            memo = line.From(at + 1);
            at = words.Count;
        }
        return at < words.Count
            ? Grammar.Usage(UsageSentences.MemoNeedsFor(words[at].Text))
            : Grammar.Understood(new Command.Pay(amount, peer, Asset(asset), memo));
    }

    /// <summary>The default asset's name is a word of the language: any case, and one credit is singular.</summary>
    internal static string? Asset(string? typed) =>
        typed?.ToLowerInvariant() is "credit" or "credits" ? "credits" : typed;
}
