namespace Tallystick.Core.Pages;

/// <summary>The numbers of the line kinds, in the order of the protocol's table. Never renumbered.</summary>
public enum LineKind
{
    Pay = 1,
    Limit = 2,
    Propose = 3,
    Modify = 4,
    Withdraw = 5,
    Accept = 6,
    Dispute = 7,
    Received = 8,
    Hold = 9,
    Fulfil = 10,
    Release = 11,
    Version = 12,
}
