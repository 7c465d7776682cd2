using Tallystick.Core.Loop;

namespace Tallystick.Node.Ledgers;

/// <summary>One turn of a tab on its way to the disk.</summary>
internal sealed class TabBatch(TabLedger tab, TabTurn turn)
{
    public TabLedger Tab => tab;

    public TabTurn Turn => turn;

    /// <summary>The links of the frames taken in the turn: each held room that is free again after the batch.</summary>
    public List<long> RoomTaken { get; } = [];
}
