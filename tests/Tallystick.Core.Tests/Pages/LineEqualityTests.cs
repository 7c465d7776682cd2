using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;

namespace Tallystick.Core.Tests.Pages;

/// <summary>Records that hold arrays compare what is in them, and every field counts.</summary>
public sealed class LineEqualityTests
{
    private static readonly RequestId Other = new(99);
    private static readonly Hash Lock = Samples.HashOf("lock");

    [Fact]
    public void Every_field_of_a_hold_counts()
    {
        var hold = new HoldLine(Samples.Request, Amount.FromUnits(5), [Lock], [1, 2], 7);
        AssertAllDiffer(
            hold,
            hold with { Locks = [Lock], Data = [1, 2] },
            hold with { RequestId = Other },
            hold with { Amount = Amount.FromUnits(6) },
            hold with { Locks = [default] },
            hold with { Data = [1, 3] },
            hold with { NotAfterMs = 8 });
    }

    [Fact]
    public void Every_field_of_a_fulfilment_counts()
    {
        var fulfil = new FulfilLine(Samples.Request, new Ref(1, 2), [Lock]);
        AssertAllDiffer(
            fulfil,
            fulfil with { Preimages = [Lock] },
            fulfil with { RequestId = Other },
            fulfil with { Hold = new Ref(1, 3) },
            fulfil with { Preimages = [default] });
    }

    [Fact]
    public void Every_field_of_a_line_that_is_kept_as_bytes_counts()
    {
        var unknown = new UnknownLine(Samples.Request, 99, [1]);
        AssertAllDiffer(
            unknown,
            unknown with { Body = [1] },
            unknown with { RequestId = Other },
            unknown with { Kind = 98 },
            unknown with { Body = [2] });
        var beyond = new OutOfBoundsLine(Samples.Request, 1, [1]);
        AssertAllDiffer(
            beyond,
            beyond with { Body = [1] },
            beyond with { RequestId = Other },
            beyond with { Kind = 2 },
            beyond with { Body = [2] });
    }

    private static void AssertAllDiffer<T>(T line, T same, params T[] others)
        where T : Line
    {
        Assert.Equal(line, same);
        Assert.Equal(line.GetHashCode(), same.GetHashCode());
        foreach (var other in others)
            Assert.NotEqual(line, other);
    }
}
