using Tallystick.Client;

namespace Tallystick.Node.Web.RoomPages;

/// <summary>A room as one of its parties, or somebody who watches, sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Address">Its link, for the other one.</param>
/// <param name="Asset">What it counts.</param>
/// <param name="Role"><c>A</c>, <c>B</c>, or null for whoever watches.</param>
/// <param name="TakenA">Whether somebody is party A.</param>
/// <param name="TakenB">Whether somebody is party B.</param>
/// <param name="LeftA">Whether party A has left.</param>
/// <param name="LeftB">Whether party B has left.</param>
/// <param name="Detail">The settlement as party A sees it, or B if that is who looks; null while there is none.</param>
public sealed record RoomModel(
    string Id,
    string Address,
    string Asset,
    string? Role,
    bool TakenA,
    bool TakenB,
    bool LeftA,
    bool LeftB,
    SettlementDetail? Detail)
{
    /// <summary>Where the workflow stands.</summary>
    public RoomStep Step => Detail?.Settlement.State switch
    {
        null or SettlementStates.Withdrawn or SettlementStates.Refused or SettlementStates.Ended => RoomStep.Submit,
        SettlementStates.Disputed => RoomStep.Modify,
        SettlementStates.Agreed => RoomStep.Confirm,
        SettlementStates.Settled => RoomStep.Final,
        _ => RoomStep.Answer,
    };

    /// <summary>Whether whoever looks can say nothing now.</summary>
    public bool IsIdle => Role == "A" ? Step == RoomStep.Final : Detail is not { Settlement.Actions.Count: > 0 };

    /// <summary>Whether party A pays outside.</summary>
    public bool AIsPaying => Detail is not null && Detail.Settlement.Paying == (Role != "B");
}

/// <summary>The steps of a room's workflow.</summary>
public enum RoomStep
{
    /// <summary>A types an amount and submits it.</summary>
    Submit,

    /// <summary>B disputes or accepts.</summary>
    Answer,

    /// <summary>A modifies what B disputes.</summary>
    Modify,

    /// <summary>A, who receives, confirms that the money came.</summary>
    Confirm,

    /// <summary>It is settled.</summary>
    Final,
}

/// <summary>A room and what stands in party A's form.</summary>
public sealed record RoomView(RoomModel Room, RoomFormModel Form);

/// <summary>What party A, or B with a reason, has typed.</summary>
/// <param name="RequestId">Sending it twice says it once.</param>
public sealed record RoomFormModel(string RequestId)
{
    public string? Amount { get; init; }

    public string? Payer { get; init; }

    public string? Method { get; init; }

    public string? Reference { get; init; }

    public string? Reason { get; init; }

    /// <summary>Why it was refused, one sentence, or null.</summary>
    public string? Problem { get; init; }
}

/// <summary>The home of the rooms.</summary>
/// <param name="Problem">Why the last try was refused, one sentence, or null.</param>
public sealed record RoomHomeModel(string? Problem);
