using Tallystick.Client;
using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web.RoomPages;

/// <summary>A room in words.</summary>
internal static class RoomWords
{
    public static string Standing(RoomModel room) => room.Step switch
    {
        RoomStep.Submit when room.Detail is not null => Withdrawn(room),
        RoomStep.Submit when room.Role == "A" => room.TakenB
            ? "Type the amount and submit it."
            : "Type the amount and submit it. Party B is not here yet: send the link.",
        RoomStep.Submit => "It waits for party A to submit an amount.",
        RoomStep.Answer when room.Role == "B" => "It waits for your answer.",
        RoomStep.Answer => "It waits for the answer of party B.",
        RoomStep.Modify => Disputed(room),
        RoomStep.Confirm => room.Role == "A"
            ? "B agreed. When the money is there, say that you received it."
            : "B agreed. Party A says when the money came.",
        _ => "Settled. Both have signed it, and it never changes again.",
    };

    public static string How(SettlementInfo settlement)
    {
        var method = settlement.Method is { } by ? $", by {Say.Text(by)}" : string.Empty;
        return settlement.Reference is { } reference ? $"{method}, reference {Say.Text(reference)}" : method;
    }

    /// <summary>What a button says; the amount that it is about stands above it.</summary>
    public static string Label(string action) => action switch
    {
        SettlementActions.Accept => "Accept",
        SettlementActions.Received => "I received it",
        SettlementActions.Dispute => "Dispute",
        SettlementActions.Modify => "Modify",
        _ => "Withdraw",
    };

    private static string Withdrawn(RoomModel room) =>
        room.Role == "A" ? "Withdrawn. You can submit another amount." : "Party A has withdrawn it.";

    private static string Disputed(RoomModel room)
    {
        var reason = room.Detail!.Trail.LastOrDefault(step => step.Kind == "dispute")?.Text is { } text
            ? $": {Say.Text(text)}"
            : string.Empty;
        return room.Role == "A"
            ? $"B disputes it{reason}. Change the amount and press Modify."
            : $"B disputes it{reason}. Party A can modify it.";
    }
}
