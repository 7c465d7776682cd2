using System.Runtime.InteropServices;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Tests.Hosting;

public sealed class SpareMemoryTests
{
    private const int Blocks = 16_384;
    private const int BlockBytes = 4_096;

    [Fact]
    public void What_the_C_library_keeps_is_given_back()
    {
        // Not by asking what is tested: broken, it would look like another library.
        var isGlibc = OperatingSystem.IsLinux()
            && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);
        Assert.SkipUnless(isGlibc, "Only glibc can be told to give back what it keeps.");
        var blocks = new nint[Blocks];
        for (var i = 0; i < Blocks; i++)
        {
            blocks[i] = Marshal.AllocHGlobal(BlockBytes);
            Marshal.WriteByte(blocks[i], 1);
        }
        // The last one stays, so that the library does not shrink its heap by itself.
        foreach (var block in blocks.AsSpan(..^1))
            Marshal.FreeHGlobal(block);
        var before = Environment.WorkingSet;

        Assert.True(SpareMemory.Trim());

        var givenBack = before - Environment.WorkingSet;
        Marshal.FreeHGlobal(blocks[^1]);
        Assert.InRange(givenBack, Blocks * BlockBytes / 2, long.MaxValue);
    }

    [Fact]
    public void Giving_back_keeps_what_is_in_use()
    {
        var kept = new byte[1_000_000];
        kept.AsSpan().Fill(7);
        var lost = Lose();

        SpareMemory.GiveBack();

        Assert.False(lost.IsAlive);
        Assert.Equal(-1, kept.AsSpan().IndexOfAnyExcept((byte)7));
    }

    private static WeakReference Lose() => new(new byte[1_000_000]);
}
