using System.Buffers;
using Tallystick.Core.Relays;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Fuzz.Inputs;

namespace Tallystick.Fuzz.Targets;

/// <summary>What a stranger sends to a relay, or a relay to a node.</summary>
internal sealed class RelayTarget : Target
{
    public override string Name => "relay";

    public override int MaxLength => RelayCodec.MaxMessageBytes + 64;

    public override IEnumerable<byte[]> Seeds()
    {
        var any = new AnyRecord(new Random(1));
        for (var kind = 0; kind < AnyRecord.RelayMessages; kind++)
            yield return RelayCodec.Write(any.RelayMessage(kind));
    }

    public override byte[] Generate(Random random) =>
        RelayCodec.Write(new AnyRecord(random).RelayMessage(random.Next(AnyRecord.RelayMessages)));

    public override string Run(byte[] input)
    {
        var buffer = new ReadOnlySequence<byte>(input);
        var result = RelayCodec.TryRead(ref buffer, out var message, out var refusal);
        switch (result)
        {
            case FrameReadResult.Complete:
                var read = input.AsSpan(0, input.Length - (int)buffer.Length);
                if (!RelayCodec.Write(message!).AsSpan().SequenceEqual(read))
                    throw new FindingException("Written again it is another message.");
                return message!.GetType().Name;
            case FrameReadResult.Refused when refusal!.Why == Rejections.BadEncoding && buffer.Length == input.Length:
                return string.Concat(refusal.Text.Where(c => !char.IsAsciiDigit(c)));
            case FrameReadResult.NeedMore when refusal is null && message is null && buffer.Length == input.Length:
                return "more";
            default:
                throw new FindingException($"{result} with {refusal}.");
        }
    }
}
