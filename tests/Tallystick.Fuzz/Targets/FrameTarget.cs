using System.Buffers;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Fuzz.Inputs;

namespace Tallystick.Fuzz.Targets;

/// <summary>Frames as they arrive: whole, and in two pieces, which must make no difference.</summary>
internal sealed class FrameTarget : Target
{
    public override string Name => "frame";

    public override int MaxLength => FrameCodec.MaxFrameBytes + 64;

    public override IEnumerable<byte[]> Seeds() => Corpus.Vectors("frames.json");

    public override byte[] Generate(Random random) => FrameCodec.Write(new AnyRecord(random).Frame());

    public override string Run(byte[] input)
    {
        var whole = new ReadOnlySequence<byte>(input);
        var result = FrameCodec.TryRead(ref whole, FrameCodec.MaxFrameBytes, out var frame, out var refusal);
        var first = new Piece(input.AsMemory(0, input.Length / 3), null);
        var last = new Piece(input.AsMemory(input.Length / 3), first);
        var pieces = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        var again = FrameCodec.TryRead(ref pieces, FrameCodec.MaxFrameBytes, out _, out var otherRefusal);
        if (again != result || refusal != otherRefusal || pieces.Length != whole.Length)
            throw new FindingException($"In one piece it is {result} {refusal}, in two {again} {otherRefusal}.");
        switch (result)
        {
            case FrameReadResult.Complete:
                var read = input.AsSpan(0, input.Length - (int)whole.Length);
                if (!FrameCodec.Write(frame!).AsSpan().SequenceEqual(read))
                    throw new FindingException("Written again it is another frame.");
                return frame!.GetType().Name;
            case FrameReadResult.Refused when refusal!.Why == Rejections.BadEncoding && whole.Length == input.Length:
                return string.Concat(refusal.Text.Where(c => !char.IsAsciiDigit(c)));
            case FrameReadResult.NeedMore when refusal is null && frame is null && whole.Length == input.Length:
                return "more";
            default:
                throw new FindingException($"{result} with {refusal}.");
        }
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null)
                return;
            RunningIndex = before.Memory.Length;
            before.Next = this;
        }
    }
}
