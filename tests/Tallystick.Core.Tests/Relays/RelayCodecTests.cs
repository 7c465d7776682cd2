using System.Buffers;
using Tallystick.Core.Identity;
using Tallystick.Core.Relays;
using Tallystick.Core.Sync;
using Tallystick.Core.Tests.Sync;

namespace Tallystick.Core.Tests.Relays;

public sealed class RelayCodecTests
{
    private static readonly Hash Some = Hash.Of("some"u8);
    private static readonly Fingerprint Bob = Fingerprint.Of(Samples.Bob);

    private static readonly RelayMessage[] EveryMessage =
    [
        new ChallengeMessage(1, Some),
        new RegisterMessage(Samples.Alice, Enumerable.Range(0, 64).Select(i => (byte)i).ToArray()),
        new RegisteredMessage(),
        new CallMessage(300, Bob),
        new PlacedMessage(300, Some),
        new DeclinedMessage(300, RelayReasons.NotThere),
        new IncomingMessage(Some),
        new MeetMessage(RelayProof.HashOfWord("demo")),
        new MetMessage(Bob),
        new RelayPingMessage(),
        new RelayPongMessage(),
        new RelayByeMessage(RelayReasons.Leaving),
    ];

    private static readonly byte[] EveryByte = [.. EveryMessage.SelectMany(RelayCodec.Write)];

    [Fact]
    public void Every_kind_of_message_is_tried()
    {
        var kinds = typeof(RelayMessage).Assembly.GetTypes().Where(type => type.BaseType == typeof(RelayMessage));
        Assert.Equal(
            kinds.Select(type => type.Name).Order(), EveryMessage.Select(message => message.GetType().Name).Order());
    }

    [Fact]
    public void Every_message_comes_back_as_it_was_at_every_split()
    {
        for (var split = 0; split <= EveryByte.Length; split++)
        {
            var buffer = Sequence.Of(EveryByte.AsMemory(0, split), EveryByte.AsMemory(split));
            var again = new List<byte>();
            while (RelayCodec.TryRead(ref buffer, out var message, out _) == FrameReadResult.Complete)
                again.AddRange(RelayCodec.Write(message!));
            Assert.True(EveryByte.AsSpan().SequenceEqual([.. again]), $"split at {split}");
        }
    }

    [Fact]
    public void Nothing_is_read_before_the_last_byte_of_a_message()
    {
        foreach (var bytes in EveryMessage.Select(RelayCodec.Write))
        {
            for (var length = 0; length < bytes.Length; length++)
            {
                var buffer = new ReadOnlySequence<byte>(bytes, 0, length);
                Assert.Equal(FrameReadResult.NeedMore, RelayCodec.TryRead(ref buffer, out _, out var refusal));
                Assert.Null(refusal);
                Assert.Equal(length, buffer.Length);
            }
        }
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("0081")]
    [InlineData("ffff")]
    [InlineData("0001" + "00")]
    [InlineData("0001" + "0d")]
    [InlineData("0002" + "0a00")]
    [InlineData("0001" + "09")]
    [InlineData("0003" + "0c0141")]
    [InlineData("0002" + "0480")]
    public void A_length_out_of_range_an_unknown_kind_and_another_body_are_refused(string hex)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(FrameReadResult.Refused, RelayCodec.TryRead(ref buffer, out var message, out var refusal));
        Assert.Null(message);
        Assert.Equal("bad-encoding", refusal!.Why.Name);
    }

    [Fact]
    public void A_ticket_is_read_whole_and_begins_as_no_TLS_does()
    {
        var bytes = RelayTicket.Encode(Some);
        Assert.Equal((Some, RelayTicket.FirstByte), (RelayTicket.Decode(bytes), bytes[0]));
        Assert.NotEqual(22, RelayTicket.FirstByte);
        Assert.Null(RelayTicket.Decode(bytes.AsSpan(1)));
        Assert.Null(RelayTicket.Decode([(byte)'T', .. bytes.AsSpan(1)]));
    }

    [Fact]
    public void A_proof_changes_with_everything_that_it_binds()
    {
        var (other, proof) = (Hash.Of("other"u8), RelayProof.HashToSign(Some, Samples.Alice, Some, Some));
        Hash[] others =
        [
            RelayProof.HashToSign(other, Samples.Alice, Some, Some),
            RelayProof.HashToSign(Some, Samples.Bob, Some, Some),
            RelayProof.HashToSign(Some, Samples.Alice, other, Some),
            RelayProof.HashToSign(Some, Samples.Alice, Some, other),
        ];
        Assert.DoesNotContain(proof, others);
        Assert.Equal(4, others.Distinct().Count());
    }
}
