namespace Tallystick.Core.Settlements;

/// <summary>How a settlement stands for a person; the first that fits, in this order.</summary>
public enum SettlementStatus
{
    /// <summary>Booked by the receiver: the amount was paid. Never changes again.</summary>
    Settled,

    /// <summary>Taken back by its proposer.</summary>
    Withdrawn,

    /// <summary>The newest revision was accepted by the payer; the receiver has not booked it.</summary>
    Agreed,

    /// <summary>The newest revision was disputed.</summary>
    Disputed,

    /// <summary>The newest revision is unanswered.</summary>
    Proposed,
}

/// <summary>The status of a settlement, computed from its record.</summary>
public static class SettlementStatusExtensions
{
    /// <summary>The status in the record's view.</summary>
    public static SettlementStatus Status(this Settlement settlement)
    {
        if (settlement.Booked is not null)
            return SettlementStatus.Settled;
        if (settlement.WithdrawnOnPage != 0)
            return SettlementStatus.Withdrawn;
        return settlement.Decision is { } decision && decision.Revision == settlement.Newest.Ref
            ? decision.Accepted ? SettlementStatus.Agreed : SettlementStatus.Disputed
            : SettlementStatus.Proposed;
    }
}
