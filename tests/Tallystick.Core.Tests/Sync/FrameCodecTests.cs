using System.Buffers;
using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tests.Wire;

namespace Tallystick.Core.Tests.Sync;

public sealed class FrameCodecTests
{
    private static readonly byte[] EveryFrame = [.. Samples.EveryFrame.SelectMany(FrameCodec.Write)];

    [Fact]
    public void Every_frame_comes_back_as_it_was_at_every_split_in_two()
    {
        for (var split = 0; split <= EveryFrame.Length; split++)
        {
            var (first, second) = (EveryFrame.AsMemory(0, split), EveryFrame.AsMemory(split));
            byte[] again = [.. ReadAll(Sequence.Of(first, second)).SelectMany(FrameCodec.Write)];
            Assert.True(EveryFrame.AsSpan().SequenceEqual(again), $"split at {split}");
        }
    }

    [Fact]
    public void Every_frame_comes_back_when_each_byte_is_a_segment_of_its_own()
    {
        var bytes = Enumerable.Range(0, EveryFrame.Length).Select(i => (ReadOnlyMemory<byte>)EveryFrame.AsMemory(i, 1));
        var frames = ReadAll(Sequence.Of([.. bytes]));
        Assert.Equal(Samples.EveryFrame.Select(f => f.GetType()), frames.Select(f => f.GetType()));
    }

    [Fact]
    public void Nothing_is_read_or_consumed_before_the_last_byte_of_a_frame()
    {
        foreach (var bytes in Samples.EveryFrame.Select(FrameCodec.Write))
        {
            for (var length = 0; length < bytes.Length; length++)
            {
                var buffer = new ReadOnlySequence<byte>(bytes, 0, length);
                var result = FrameCodec.TryRead(ref buffer, FrameCodec.MaxFrameBytes, out var frame, out var refusal);
                Assert.Equal(FrameReadResult.NeedMore, result);
                Assert.Null(frame);
                Assert.Null(refusal);
                Assert.Equal(length, buffer.Length);
            }
        }
    }

    [Fact]
    public void Every_kind_of_frame_has_a_sample()
    {
        var kinds = typeof(Frame).Assembly.GetTypes().Where(t => t.BaseType == typeof(Frame));
        Assert.Equal(kinds.OrderBy(t => t.Name), Samples.EveryFrame.Select(f => f.GetType()).OrderBy(t => t.Name));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(513u)]
    [InlineData(0x7fffffffu)]
    [InlineData(0xffffffffu)]
    [InlineData(0x47455420u)]
    public void A_length_out_of_range_is_refused_from_its_four_bytes(uint length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        Assert.Equal("bad-encoding", Refused(bytes, FrameCodec.MaxUnprovenFrameBytes));
    }

    [Theory]
    [InlineData("00000001" + "00")]
    [InlineData("00000001" + "0b")]
    [InlineData("00000001" + "ff")]
    [InlineData("00000001" + "01")]
    [InlineData("00000001" + "02")]
    [InlineData("00000001" + "07")]
    [InlineData("00000001" + "08")]
    [InlineData("00000001" + "0a")]
    [InlineData("00000002" + "0300")]
    [InlineData("00000002" + "0400")]
    [InlineData("00000003" + "040141")]
    [InlineData("00000008" + "0500000000000000")]
    [InlineData("0000000a" + "05000000000000000000")]
    public void A_frame_of_an_unknown_kind_or_with_another_body_is_refused(string hex) =>
        Assert.Equal("bad-encoding", Refused(Convert.FromHexString(hex), FrameCodec.MaxFrameBytes));

    [Fact]
    public void Every_mutated_byte_of_every_frame_is_refused_waits_or_makes_another_canonical_frame()
    {
        foreach (var original in Samples.EveryFrame.Select(FrameCodec.Write))
        {
            var mutated = original.ToArray();
            for (var at = 0; at < mutated.Length; at++)
            {
                foreach (var flip in Mutation.Flips)
                {
                    mutated[at] = (byte)(original[at] ^ flip);
                    var buffer = new ReadOnlySequence<byte>(mutated);
                    var result = FrameCodec.TryRead(ref buffer, FrameCodec.MaxFrameBytes, out var frame, out _);
                    if (result == FrameReadResult.Complete)
                    {
                        var read = mutated.AsSpan(0, mutated.Length - (int)buffer.Length);
                        if (!read.SequenceEqual(FrameCodec.Write(frame!)))
                            Assert.Fail($"{frame} byte {at} ^ {flip}");
                    }
                }
                mutated[at] = original[at];
            }
        }
    }

    [Fact]
    public void Random_bytes_of_every_kind_never_throw() =>
        Prop.ForAll(Gen.Choose(0, 11).ToArbitrary(), AnyValue.Bytes.ToArbitrary(), (kind, body) =>
        {
            byte[] bytes = [0, 0, (byte)((body.Length + 1) >> 8), (byte)(body.Length + 1), (byte)kind, .. body];
            var buffer = new ReadOnlySequence<byte>(bytes);
            var result = FrameCodec.TryRead(ref buffer, FrameCodec.MaxFrameBytes, out var frame, out _);
            if (result == FrameReadResult.Complete)
                Assert.Equal(bytes, FrameCodec.Write(frame!));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void The_largest_greeting_and_the_largest_fault_fit_their_bounds()
    {
        var greeting = Samples.AliceGreeting with
        {
            Name = new string('x', GreetingCodec.MaxNameBytes),
            ListenPort = 65535,
            MinVersion = int.MaxValue,
            MaxVersion = int.MaxValue,
        };
        AssertReadable(new GreetingFrame(greeting), FrameCodec.MaxUnprovenFrameBytes);

        var line = new UnknownLine(default, 99, [.. new byte[PageCodec.MaxReadableBytes - 220]]);
        var page = Samples.SignedPage(line);
        Assert.InRange(page.Content.Bytes.Length, PageCodec.MaxReadableBytes - 64, PageCodec.MaxReadableBytes);
        AssertReadable(new PageFrame(page), FrameCodec.MaxFrameBytes);
        var content = Samples.Fault.Content.Fault with { Page = page, Rejection = new string('x', 64) };
        var fault = FaultCodec.Encode(content);
        AssertReadable(new FaultFrame(new SignedFault(fault, Samples.Signature)), FrameCodec.MaxFrameBytes);
    }

    [Theory]
    [InlineData("0000000102", "shorter than its signature of 64 bytes")]
    [InlineData("00000001ff", "unknown kind 255")]
    [InlineData("000000020300", "The frame cannot be read: bytes follow its end")]
    [InlineData("00000000", "claims 0 bytes")]
    public void What_is_wrong_with_a_frame_is_said(string hex, string words)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(
            FrameReadResult.Refused,
            FrameCodec.TryRead(ref buffer, FrameCodec.MaxFrameBytes, out _, out var refusal));
        Assert.Contains(words, refusal!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proof_longer_than_its_signature_is_refused_and_says_so()
    {
        var frame = FrameCodec.Write(new ProofFrame(new byte[SignedPage.SignatureSize + 1]));
        var buffer = new ReadOnlySequence<byte>(frame);
        Assert.Equal(
            FrameReadResult.Refused,
            FrameCodec.TryRead(ref buffer, FrameCodec.MaxFrameBytes, out _, out var refusal));
        Assert.Contains("A proof is 64 bytes", refusal!.Text, StringComparison.Ordinal);
    }

    private static void AssertReadable(Frame frame, int maxFrameBytes)
    {
        var buffer = new ReadOnlySequence<byte>(FrameCodec.Write(frame));
        var result = FrameCodec.TryRead(ref buffer, maxFrameBytes, out _, out var refusal);
        Assert.True(result == FrameReadResult.Complete, refusal?.Text);
    }

    private static List<Frame> ReadAll(ReadOnlySequence<byte> buffer)
    {
        var frames = new List<Frame>();
        while (!buffer.IsEmpty)
        {
            var result = FrameCodec.TryRead(ref buffer, FrameCodec.MaxFrameBytes, out var frame, out var refusal);
            Assert.True(result == FrameReadResult.Complete, refusal?.Text);
            frames.Add(frame!);
        }
        return frames;
    }

    private static string Refused(byte[] bytes, int maxFrameBytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        var result = FrameCodec.TryRead(ref buffer, maxFrameBytes, out var frame, out var refusal);
        Assert.Equal(FrameReadResult.Refused, result);
        Assert.Null(frame);
        Assert.Equal(bytes.Length, buffer.Length);
        return refusal!.Why.Name;
    }
}
