/** Words about recurring events. */
export default {
  ko: {
    'scope.save': '반복 일정 수정',
    'scope.move': '반복 일정 옮기기',
    'scope.delete': '반복 일정 삭제',
    'scope.ask': '어디까지 적용할까요?',
    'scope.this': '이 일정만',
    'scope.following': '이 일정과 이후 모두',
    'scope.all': '전체',
    'action.ok': '확인',
  },
  en: {
    'scope.save': 'Edit recurring event',
    'scope.move': 'Move recurring event',
    'scope.delete': 'Delete recurring event',
    'scope.ask': 'Which ones do you mean?',
    'scope.this': 'Only this one',
    'scope.following': 'This and all that follow',
    'scope.all': 'All of them',
    'action.ok': 'OK',
  },
};
