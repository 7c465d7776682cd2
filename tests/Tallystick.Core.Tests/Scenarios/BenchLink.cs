using Tallystick.Core.Identity;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>One link with its number on each side and the frames that are on their way.</summary>
internal sealed class BenchLink
{
    private readonly Queue<Frame>[] onTheWay = [[], []];
    private readonly bool[] closed = new bool[2];

    public BenchLink(int seed)
    {
        var bytes = BitConverter.GetBytes(seed);
        Binding = new LinkBinding(
            Hash.Of([1, .. bytes]), Hash.Of([2, .. bytes]), Hash.Of([3, .. bytes]), Hash.Of([4, .. bytes]));
    }

    public LinkBinding Binding { get; }

    public long[] Numbers { get; } = new long[2];

    /// <summary>True when the wire itself is cut: nothing arrives and nobody is told.</summary>
    public bool IsDead { get; set; }

    public Queue<Frame> To(Party party) => onTheWay[(int)party];

    public bool IsClosedAt(Party party) => closed[(int)party];

    public void CloseAt(Party party) => closed[(int)party] = true;
}
