using Tallystick.Client;
using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web.Settling;

/// <summary>Settlements as a page says them.</summary>
internal static class SettlementWords
{
    /// <summary>What it says, as a sentence begins.</summary>
    public static string Title(SettlementInfo settlement)
    {
        var text = Say.Text(settlement.Title);
        return text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary>What a step of the trail says.</summary>
    public static string Of(SettlementStep step, string who) => step.Kind switch
    {
        "propose" => $"{who} proposed",
        "modify" => $"{who} modified",
        "withdraw" => $"{who} withdrew",
        "accept" => $"{who} accepted",
        "dispute" => $"{who} disputed",
        _ => $"{who} received",
    };

    /// <summary>The steps that every settlement takes, and which of them it has reached.</summary>
    public static (IReadOnlyList<string> Names, int Reached) Steps(SettlementInfo settlement)
    {
        // Where the receiver answers, the answer settles it; where the payer does, the receiver has the last word.
        var payerAnswers = settlement.Mine != settlement.Paying;
        IReadOnlyList<string> names = payerAnswers
            ? ["Proposed", "Agreed", "Settled"]
            : ["Proposed", "Settled"];
        var reached = settlement.State switch
        {
            SettlementStates.Settled => names.Count,
            SettlementStates.Agreed => 2,
            SettlementStates.Queued => 0,
            _ => 1,
        };
        return (names, reached);
    }
}
