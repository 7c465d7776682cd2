using System.Globalization;
using System.Text;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Exhaustive;

/// <summary>Two chains as a person can read them, in the notation of the protocol's scenarios.</summary>
internal static class ChainText
{
    public static string Of(Pair pair)
    {
        var text = new StringBuilder();
        foreach (var party in Pair.Parties)
        {
            for (var number = 1; number <= pair.CountOf(party); number++)
                text.Append(CultureInfo.InvariantCulture, $"{Of(pair.PageOf(party, number).Page)}  ");
        }
        return text.ToString().TrimEnd();
    }

    public static string Of(Page page) =>
        $"{(page.Author == Party.Zero ? 'a' : 'b')}{page.Number}[{string.Join("; ", page.Lines.Select(Of))}] "
        + $"s{page.Seen.Number}";

    public static string Of(Line line) => line switch
    {
        PayLine pay => $"Pay {pay.Amount}",
        LimitLine limit => $"Limit {limit.Limit}",
        ProposeLine propose => $"Propose {(propose.PayerIsMe ? "I" : "you")} paid {propose.Amount}",
        ModifyLine modify => $"Modify {modify.Settlement} {modify.Amount}",
        WithdrawLine withdraw => $"Withdraw {withdraw.Settlement}",
        AcceptLine accept => $"Accept {accept.Revision}",
        DisputeLine dispute => $"Dispute {dispute.Revision}",
        ReceivedLine received => $"Received {received.Revision}",
        HoldLine hold => $"Hold {hold.Amount}",
        FulfilLine fulfil => $"Fulfil {fulfil.Hold}{(fulfil.Preimages[0] == Alphabet.Preimage ? "" : " wrongly")}",
        ReleaseLine release => $"Release {release.Hold}",
        VersionLine version => $"Version {version.Version}",
        UnknownLine unknown => $"kind {unknown.Kind}",
        _ => line.GetType().Name,
    };
}
